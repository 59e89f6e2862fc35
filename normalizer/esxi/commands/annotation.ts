const MOST_ROLES = 8;

/**
 * Roles that the notes of a VM name: `role: web` or `Role=web, backup`, at the beginning of a line or behind `;` or `|`. Nothing else of the
 * notes is taken: people keep passwords in them.
 */
export function rolesInNotes(notes: string): string[] {
  const roles = notes.split(/[\n;|]/u).flatMap((part) => {
    const at = part.search(/[:=]/u);
    const name = part.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (name !== 'role' && name !== 'roles') return [];
    const values = part.slice(at + 1).split(',');
    return values.map((value) => value.trim()).filter((value) => /^[\w.-]{1,64}$/u.test(value));
  });
  return [...new Set(roles)].slice(0, MOST_ROLES);
}
