import { commandAnalytic } from '../command-analytic';

/** Relays and tunnels out of a hypervisor. */
export const AN1232 = commandAnalytic({
  id: 'AN1232',
  strategy: 'DET0445',
  techniques: ['T1090', 'T1572'],
  platform: 'ESXi',
  title: 'Tunnel or relay started on an ESXi host',
  text: 'A command sets up a reverse shell, a relay or an SSH tunnel.',
  needs: ['commands'],
  severity: 'critical',
  falsePositives: 'None known on a hypervisor.',
  mutable: {},
  phrases: {
    relay: ['nc -l', 'nc -e', 'ncat', 'socat', 'chisel', 'mkfifo', 'frpc', 'ligolo'],
    reverse_shell: ['bash -i', 'sh -i'],
    ssh_tunnel: ['ssh -r', 'ssh -d', 'ssh -l', 'ssh -w', 'ssh -nr', 'ssh -fnr'],
  },
});
