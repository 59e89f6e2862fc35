import type { Proposal, RoleHabit } from '../../store/queries/baseline-proposals';
import type { RoleBook } from './role-book';

/** What machines of one role have in common. */
export interface RoleProposal extends Proposal {
  readonly role: string;
  /** Machines of the role that were seen to have any habit; `owners` of them have this one. */
  readonly of: number;
}

/** One machine's habit is its own. */
const LEAST_OWNERS = 2;

/** Habits of machines added up by the roles that these have: those that several machines of a role share, the most shared first. */
export function roleProposals(habits: readonly RoleHabit[], roles: RoleBook): RoleProposal[] {
  const machines = new Map<string, Set<string>>();
  const shared = new Map<string, { readonly first: RoleHabit; readonly role: string; readonly all: RoleHabit[] }>();
  for (const habit of habits) {
    for (const role of roles.rolesOf(habit)) {
      machines.set(role, (machines.get(role) ?? new Set()).add(habit.name));
      const key = JSON.stringify([role, habit.element, habit.value]);
      const known = shared.get(key) ?? { first: habit, role, all: [] };
      known.all.push(habit);
      shared.set(key, known);
    }
  }
  return [...shared.values()]
    .map(({ first: { element, value }, role, all }) => ({
      role,
      element,
      value,
      sessions: all.reduce((sum, { sessions }) => sum + sessions, 0),
      owners: new Set(all.map(({ name }) => name)).size,
      of: machines.get(role)?.size ?? 0,
      first: Math.min(...all.map(({ first }) => first)),
      last: Math.max(...all.map(({ last }) => last)),
    }))
    .filter(({ owners }) => owners >= LEAST_OWNERS)
    .sort((a, b) => a.role.localeCompare(b.role) || b.owners - a.owners || b.sessions - a.sessions);
}
