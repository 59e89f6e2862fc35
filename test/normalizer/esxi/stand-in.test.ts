import type { EsxiCommandName } from '../../../collectors/ssh/commands/esxi.data';
import { ESXI_COMMANDS } from '../../../collectors/ssh/commands/esxi.data';
import { esxcliAnswer, plainAnswer, running } from '../../site/esxi/esxi-answers';
import { formatAnswer, type EsxcliFormat } from '../../site/esxi/esxcli-format';
import { makeHost, makeVm, type EsxiHost } from '../../site/esxi/esxi-world';
import { allVms, guestInfo, netStats } from '../../site/esxi/vim-answers';
import { bindings, EsxiWorld, RECEIVED_AT } from './esxi-world';

/** The answers of the simulated host in every format: nothing is refused, and all formats say the same. */
const FORMATS: readonly EsxcliFormat[] = ['table', 'csv', 'json', 'xml', 'keyvalue'];

function ask(host: EsxiHost, format: EsxcliFormat): EsxiWorld {
  const world = new EsxiWorld();
  const esxcli = (command: EsxiCommandName, parameters: Record<string, string> = {}): void => {
    const answer = esxcliAnswer(host, command, parameters, RECEIVED_AT);
    if (answer === undefined || answer.rows.length === 0) return;
    world.command(command, formatAnswer(answer, format), { header: { output: format, parameters } });
  };
  // Answers of one word are the same whatever is asked for.
  const plain = (command: string, body: string, parameters: Record<string, string> = {}): void =>
    void world.command(command, body, { header: { output: 'text', parameters } });
  esxcli('process_list');
  esxcli('vm_process_list');
  plain('all_vms', allVms(host));
  plain('net_stats', netStats(host));
  for (const { worldId } of running(host)) esxcli('vm_port_list', { world: String(worldId) });
  const vmids = host.vms.flatMap(({ vmid }) => (vmid === undefined ? [] : [vmid]));
  const guests = vmids.map(
    (vmid) =>
      `===VM===${vmid}\n${
        guestInfo(
          host.vms.find((vm) => vm.vmid === vmid),
          vmid,
        ).text
      }`,
  );
  plain('guest_info', guests.join(''), { vmids: vmids.join(' ') });
  for (const netstack of host.netstacks) {
    for (const command of ['connection_list', 'neighbor_list', 'interface_list', 'interface_ipv4'] as const)
      esxcli(command, { netstack });
  }
  const done = new Set([
    'process_list',
    'vm_process_list',
    'vm_port_list',
    'connection_list',
    'neighbor_list',
    'interface_list',
    'interface_ipv4',
  ]);
  for (const command of Object.keys(ESXI_COMMANDS) as EsxiCommandName[]) {
    if (done.has(command)) continue;
    const word = plainAnswer(host, command, RECEIVED_AT);
    if (word === undefined) esxcli(command);
    else plain(command, word);
  }
  return world;
}

describe.each(['6.7', '7.0', '8.0', '9.0'] as const)('version %s', (version) => {
  const host = makeHost({ version, vms: [makeVm(1), makeVm(2, { name: 'b on c [x] in (d)' }), makeVm(3)] });
  const first = ask(host, 'table');

  test.each(FORMATS)('%s: nothing is refused', (format) => {
    const { facts } = ask(host, format);
    expect(facts.filter(({ fact }) => fact === 'rejected' || fact === 'gap')).toEqual([]);
  });

  test.each(FORMATS)('%s: the same bindings', (format) => {
    expect(bindings(ask(host, format).facts).sort()).toEqual(bindings(first.facts).sort());
  });

  test('every adapter of a running VM leads to it, and every guest address', () => {
    const told = bindings(first.facts);
    for (const vm of running(host)) {
      for (const nic of vm.nics) {
        const vnic = told.find((line) => line.startsWith(`mac-vnic ${nic.mac} -> `))?.split(' ')[3];
        expect(told).toContain(`vnic-vm ${vnic} -> ${vm.name} seen`);
        if (vm.guestHostname === undefined) continue;
        for (const address of nic.addresses.filter((each) => !each.startsWith('fe80'))) {
          expect(told).toContain(`ip-vm ${address} -> ${vm.name} seen`);
        }
      }
    }
    expect(told.filter((line) => line.startsWith('socket-process ')).length).toBeGreaterThan(0);
  });
});
