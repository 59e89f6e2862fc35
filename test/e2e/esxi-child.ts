import { fingerprintOf } from '../collectors/ssh/connection-target';
import { EsxiStandIn } from '../site/esxi/esxi-stand-in';
import { makeHost, makeVm } from '../site/esxi/esxi-world';

/**
 * The SIMULATED ESXi host as a process of its own, for a namespace: `node -r test/setup/ts-hook.js test/e2e/esxi-child.ts
 * PASSWORD NAME=MAC…`, one VM each. Prints one line of JSON, `{port, hostKeys}`, when it listens on loopback.
 */
async function main([password = '', ...vms]: readonly string[]): Promise<void> {
  const host = makeHost({
    vms: vms.map((text, i) => {
      const [name = '', mac = ''] = text.split('=');
      const vm = makeVm(i + 1, { name, guestHostname: undefined });
      return { ...vm, nics: vm.nics.map((nic) => ({ ...nic, mac, addresses: [] })) };
    }),
  });
  const standIn = await new EsxiStandIn({ host: () => host, login: { user: 'ascribe', password } }).start();
  const hostKeys = standIn.server.hostKeys.map(fingerprintOf);
  process.stdout.write(`${JSON.stringify({ port: standIn.port, hostKeys })}\n`);
}

void main(process.argv.slice(2));
