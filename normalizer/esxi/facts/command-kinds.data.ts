/**
 * What shell commands on an ESXi host are for, by words that stand in them ("LOLESXi"; Mandiant, "Bad VIB(E)s"; Sygnia,
 * "ESXi Ransomware Attacks"). A kind says what a command does when it is run, not that it was.
 */

/** All words of one list must stand in the command, in any order. */
type Words = readonly string[];

const KINDS: readonly (readonly [kind: string, any: readonly Words[]])[] = [
  [
    'history_disable',
    [['histfile='], ['unset histfile'], ['histsize=0'], ['histfilesize=0'], ['set +o history'], ['history -c']],
  ],
  [
    'log_stop',
    [
      ['vmsyslogd', 'stop'],
      ['vmsyslogd', 'kill'],
      ['esxcli', 'auditrecords', 'disable'],
    ],
  ],
  ['log_config_change', [['esxcli', 'system syslog config', ' set'], ['esxcli', 'syslog reload'], ['syslog.global.']]],
  [
    'log_delete',
    [
      ['rm ', '/log/'],
      ['rm ', '/log '],
      ['truncate', '/log/'],
      ['/dev/null', '/log/', 'cat'],
      ['> /var/log/'],
      ['>/var/log/'],
      ['> /var/run/log/'],
      ['>/var/run/log/'],
      ['> /scratch/log/'],
      ['>/scratch/log/'],
      ['shell.log', 'sed -i'],
    ],
  ],
  [
    'firewall_change',
    [
      ['esxcli', 'network firewall', ' set'],
      ['esxcli', 'network firewall', ' add'],
      ['esxcli', 'network firewall', ' remove'],
      ['esxcli', 'network firewall unload'],
      ['esxcli', 'network firewall refresh'],
      ['/etc/vmware/firewall'],
    ],
  ],
  ['exec_policy_change', [['execinstalledonly'], ['system settings encryption set']]],
  ['software_install', [['esxcli', 'software vib', 'install'], ['esxcli', 'software vib', 'update'], ['esxupdate']]],
  ['software_remove', [['esxcli', 'software vib', 'remove']]],
  [
    'software_unsigned',
    [
      ['esxcli', 'software', '--no-sig-check'],
      ['esxcli', 'software', '--force'],
      ['esxcli', 'software', ' -f'],
    ],
  ],
  ['software_acceptance_change', [['esxcli', 'software acceptance set']]],
  ['vm_kill', [['vm process kill'], ['vmsvc/power.off'], ['vmsvc/power.suspend']]],
  ['vm_change', [['vmsvc/destroy'], ['vmsvc/unregister'], ['solo/registervm'], ['vmsvc/reload']]],
  ['vm_snapshot', [['vmsvc/snapshot.'], ['vmkfstools', '-i ']]],
  [
    'account_change',
    [
      ['esxcli', 'system account', 'add'],
      ['esxcli', 'system account', 'set'],
      ['esxcli', 'system permission'],
      [' passwd '],
      ['authorized_keys', '>'],
    ],
  ],
  ['lockdown_change', [['lockdown'], ['dcui.access'], ['esxadminsgroup']]],
  [
    'service_change',
    [
      ['/etc/init.d/', ' start'],
      ['/etc/init.d/', ' stop'],
      ['/etc/init.d/', ' restart'],
      ['hostsvc/enable_'],
      ['hostsvc/disable_'],
      ['hostsvc/start_'],
      ['hostsvc/stop_'],
      ['chkconfig', ' on'],
      ['chkconfig', ' off'],
    ],
  ],
  ['persistence', [['local.sh'], ['/var/spool/cron'], ['crontab'], ['profile.local'], ['autobackup'], ['backup.sh']]],
  [
    'tunnel',
    [
      ['ssh ', ' -d '],
      ['ssh ', ' -r '],
      ['ssh ', ' -l '],
      ['ssh ', ' -w '],
      ['chisel'],
      ['socat'],
      ['nc ', '-l'],
      ['nc ', '-e'],
    ],
  ],
  [
    'reverse_shell',
    [['/dev/tcp/'], ['/dev/udp/'], ['bash -i'], ['sh -i'], ['import socket'], ['pty.spawn'], ['mkfifo', 'nc ']],
  ],
  ['download', [['wget '], ['curl '], ['scp '], ['sftp ']]],
  ['clock_change', [['hardware clock set'], ['system time set'], ['date -s'], ['system ntp set']]],
];

/** Kinds of a command, in the order of the table. */
export function commandKinds(command: string): readonly string[] {
  const text = ` ${command.toLowerCase()} `;
  return KINDS.filter(([, any]) => any.some((words) => words.every((word) => text.includes(word)))).map(
    ([kind]) => kind,
  );
}
