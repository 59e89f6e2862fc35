import { addressSet } from '../../../attribution/findings/address-set';
import { AN0404 } from '../../../attribution/findings/analytics/an0404';
import { RoleBook, type RoleEntry } from '../../../attribution/findings/role-book';
import { context, hex, session } from './evidence';

const entry = (name: string, role: string): RoleEntry => ({ name, role, owner: '', source: 'assets.csv' });
const of = (name: string, host = '') => ({ name, host });
const book = new RoleBook(
  [entry('Web1', 'web'), entry('proxy-*', 'proxy'), entry('*-db-*', 'db'), entry('esx1', 'hypervisor')],
  [{ role: 'web', ports: new Set([9443]), destinations: addressSet(['203.0.113.9']) }],
);

test.each([
  ['web1', ['web']],
  ['proxy-2', ['proxy']],
  ['PROXY-', ['proxy']],
  ['eu-db-1', ['db']],
  ['-db', []],
  ['myproxy-2', []],
])('roles of %s', (name, roles) => expect([...book.rolesOf(of(name))]).toEqual(roles));

test('a service has the roles of its host', () => {
  expect([...book.rolesOf(of('hostd', 'esx1'))]).toEqual(['hypervisor']);
});

test('what a role may do, others may not', () => {
  expect([book.allowsPort(of('web1'), 9443), book.allowsPort(of('proxy-1'), 9443)]).toEqual([true, false]);
  expect(book.allowsDestination(of('web1'), hex('203.0.113.9'))).toBe(true);
  expect(book.allowsDestination(of('web1'), hex('203.0.113.10'))).toBe(false);
});

test('a port of the role is expected of it alone', () => {
  const unreadable = { encrypted: 'unknown', encryptedBy: 'unknown_port', dstPort: 9443, sentBytes: 5e6 };
  expect(AN0404.match(session(unreadable), context([], { roles: book }))).toBeUndefined();
  expect(AN0404.match(session({ ...unreadable, ownerName: 'db1' }), context([], { roles: book }))).toBeDefined();
});

test('roles that an inventory tells count where the site trusts it', () => {
  const told = (name: string) => (name === 'web1' ? [{ name: 'Web1', role: 'web', owner: '', source: 'esx1' }] : []);
  const profiles = [{ role: 'web', ports: new Set([9000]), destinations: addressSet([]) }];
  expect(new RoleBook([], profiles, true).withInventory(told).allowsPort(of('WEB1'), 9000)).toBe(true);
  expect([...new RoleBook([], profiles).withInventory(told).rolesOf(of('WEB1'))]).toEqual([]);
});
