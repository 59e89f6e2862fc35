import { rolesInNotes } from '../../../normalizer/esxi/commands/annotation';
import { EsxiWorld } from './esxi-world';

test.each([
  ['role: web', ['web']],
  ['Role=web, backup', ['web', 'backup']],
  ['made by ann\nROLES : db.main ; owner: bob', ['db.main']],
  ['its role: none of your business', []],
  ['role: two words', []],
  ['password=role', []],
  ['role: web\nrole: web', ['web']],
  ['', []],
])('%j names %j', (notes, roles) => expect(rolesInNotes(notes)).toEqual(roles));

test('of long lists the first are taken', () => {
  const many = Array.from({ length: 50 }, (_, i) => `r${i}`);
  expect(rolesInNotes(`role: ${many.join(',')}`)).toEqual(many.slice(0, 8));
});

test('notes of registered VMs, also over several lines; nothing else of them is kept', () => {
  const facts = new EsxiWorld().command(
    'all_vms',
    `Vmid   Name     File                        Guest OS          Version   Annotation
12     web 1    [ds] web 1/web 1.vmx        debian10_64Guest  vmx-13    role: web
root password is hunter2
role: backup
130    db       [ds] db/db.vmx              other26xLinux64Guest vmx-17
`,
  );
  const roles = facts.flatMap((fact) =>
    fact.fact === 'binding' ? [`${fact.relation} ${fact.key} ${fact.value}`] : [],
  );
  expect(roles).toEqual(['vm-role web 1 web', 'vm-role web 1 backup']);
  expect(JSON.stringify(facts)).not.toContain('hunter2');
});
