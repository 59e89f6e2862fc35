import { ecsMac } from '../../../forwarders/kinds/columns';

test.each([
  ['00:50:56:9a:1e:54', '00-50-56-9A-1E-54'],
  ['00-50-56-9A-1E-54', '00-50-56-9A-1E-54'],
  ['00:50:56:9a:1e', '00:50:56:9a:1e'],
  ['0050.569a.1e54', '0050.569a.1e54'],
  [undefined, undefined],
])('the hardware address %s is %s in ECS', (given, wanted) => {
  expect(ecsMac(given)).toBe(wanted);
});
