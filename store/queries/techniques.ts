/** ECS fields of ATT&CK techniques that are separated by blanks: `T1573.001` is the subtechnique of `T1573`. */
export function techniqueFields(text: string): Record<string, string[]> {
  const all = text.split(' ').filter((technique) => technique !== '');
  const techniques = [...new Set(all.map((technique) => technique.split('.', 1)[0] as string))];
  const subtechniques = all.filter((technique) => technique.includes('.'));
  return {
    ...(techniques.length > 0 && { 'threat.technique.id': techniques }),
    ...(subtechniques.length > 0 && { 'threat.technique.subtechnique.id': subtechniques }),
  };
}
