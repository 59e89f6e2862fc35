import { RoleBook } from '../../../attribution/findings/role-book';
import { roleProposals } from '../../../attribution/findings/role-proposals';
import type { RoleHabit } from '../../../store/queries/baseline-proposals';

const roles = new RoleBook([{ name: 'bk*', role: 'backup', owner: '', source: 'test' }], []);

function habit(name: string, value: string, more: Partial<RoleHabit> = {}): RoleHabit {
  return { name, host: '', element: 'PortProfiles', value, sessions: 10, first: 100, last: 200, ...more };
}

test('what several machines of a role share is proposed for it, with how many do', () => {
  const habits = [habit('bk1', '9000'), habit('bk2', '9000', { first: 50, last: 300 }), habit('bk3', '9100')];
  expect(roleProposals(habits, roles)).toEqual([
    { role: 'backup', element: 'PortProfiles', value: '9000', sessions: 20, owners: 2, of: 3, first: 50, last: 300 },
  ]);
});

test('machines without a role, and what one does alone, propose nothing', () => {
  expect(roleProposals([habit('web1', '9000'), habit('web2', '9000'), habit('bk1', '9000')], roles)).toEqual([]);
});

test('a rhythm and a port are different habits', () => {
  const rhythm = { element: 'BenignDestinations' };
  expect(roleProposals([habit('bk1', '192.0.2.1', rhythm), habit('bk2', '192.0.2.1')], roles)).toEqual([]);
});
