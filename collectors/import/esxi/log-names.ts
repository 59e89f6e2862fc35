/** Which files are logs of an ESXi host, by name: "Location of log files for VMware products" (VMware KB 1021806, 2004201). */
const LOGS: ReadonlySet<string> = new Set([
  'apiForwarder',
  'attestd',
  'auth',
  'clomd',
  'configRP',
  'crx-cli',
  'cryptoloader',
  'dhclient',
  'dpd',
  'envoy',
  'envoy-access',
  'epd',
  'esxcli',
  'esxcli-software',
  'esxgdpd',
  'esxioCommd',
  'esxtokend',
  'esxupdate',
  'etcd',
  'fdm',
  'healthd',
  'hostd',
  'hostd-probe',
  'hostdCgiServer',
  'iofiltervpd',
  'kickstart',
  'lacp',
  'loadESX',
  'localcli',
  'nfcd',
  'nsx-syslog',
  'osfsd',
  'rabbitmqproxy',
  'rhttpproxy',
  'rhttpproxy-access',
  'sdrsInjector',
  'settingsd',
  'shell',
  'smartd',
  'snmpd',
  'storageRM',
  'swapobjd',
  'sysboot',
  'syslog',
  'tpm2emu',
  'upitd',
  'usb',
  'vitd',
  'vmamqpd',
  'vmauthd',
  'vmkdevmgr',
  'vmkernel',
  'vmkeventd',
  'vmksummary',
  'vmkwarning',
  'vobd',
  'vprobed',
  'vpxa',
  'vsanmgmt',
  'vsansystem',
  'vsantraceUrgent',
  'vvold',
]);

/** `hostd.log`, `hostd.0.gz`, `hostd.0`, `hostd.log.0`, `hostd.log.0.gz`, `hostd.log.gz`. */
const NAMED = /^([A-Za-z][\w-]{0,40})(?:\.log)?(?:\.\d{1,4})?(?:\.gz)?$/u;
/** `vmware.log`, `vmware-12.log`, each also packed. */
const MACHINE = /^vmware(?:-\d{1,6})?\.log(?:\.gz)?$/u;

/**
 * The path of the log that a file is, or was rotated from: `/var/run/log/hostd.log` for `var/run/log/hostd.3.gz`. `path` is where
 * the file is on the host, without a leading slash, or only its name. Undefined for what is no log.
 */
export function logPath(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  const base = path.slice(slash + 1);
  const folder = slash === -1 ? '/var/run/log' : `/${path.slice(0, slash)}`;
  if (MACHINE.test(base)) return slash === -1 ? '/vmware.log' : `${folder}/vmware.log`;
  const stem = NAMED.exec(base)?.[1];
  if (stem === undefined || !base.includes('.') || !LOGS.has(stem)) return undefined;
  return `${folder}/${stem}.log`;
}

/** Beginnings of lines that only ESXi writes; after the time of a record ("ESXi log message formats", VMware). */
const TELLING: readonly (readonly [log: string, shows: RegExp])[] = [
  ['vobd', /^(?:: |[A-Z][a-z]\(\d{1,3}\)\+? vobd\[\d{1,10}\]: {1,2})\[\w{1,64}\] \d{1,20}us: /u],
  ['vmkernel', /^(?:[A-Z][a-z]\(\d{1,3}\)\+? vmkernel: )?cpu\d{1,4}(?::\d{1,10})?(?: opID=\w{1,16})?\)/u],
  [
    'vpxa',
    /^(?:(?:info|verbose|warning|error|trivia) vpxa\[[0-9A-F]{1,16}\] |[A-Z][a-z]\(\d{1,3}\)\+? Vpxa\[\d{1,10}\]: )/u,
  ],
  [
    'hostd',
    /^(?:(?:info|verbose|warning|error|trivia) hostd\[[0-9A-F]{1,16}\] |[A-Z][a-z]\(\d{1,3}\)\+? Hostd\[\d{1,10}\]: )/u,
  ],
  ['rhttpproxy', /^(?:info|verbose|warning|error) rhttpproxy\[[0-9A-F]{1,16}\] /u],
  ['shell', /^(?:[A-Z][a-z]\(\d{1,3}\)\+? )?(?:shell|ESXShell)\[\d{1,10}\]: /u],
  ['vmware', /^(?:\| |[A-Z][a-z]\(\d{1,3}\) )?(?:vmx|vcpu-\d{1,4}|mks|svga|worker-\d{1,10})(?:\| | )/u],
  ['syslog', /^[A-Z][a-z]\(\d{1,3}\)\+? [\w.-]{1,64}(?:\[\d{1,10}\])?: /u],
  ['hostd', /^- (?:last log rotation time|time the service was last started)[, ]/u],
];
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z ?/u;
const LINES = 12;
const LINE_CHARACTERS = 400;

/** Which log of an ESXi host text is, by its first lines; undefined when none of them is of one. */
export function logByContent(prefix: string): string | undefined {
  for (const line of prefix.split('\n', LINES)) {
    const text = line.slice(0, LINE_CHARACTERS);
    const stamp = STAMP.exec(text);
    if (stamp === null) continue;
    const rest = text.slice(stamp[0].length);
    const found = TELLING.find(([, shows]) => shows.test(rest));
    if (found !== undefined) return found[0];
  }
  return undefined;
}

/** `sshd[2099486]: ` right behind the time: syslog of other systems names its host first. */
const PROGRAM = /^[\w./-]{1,64}(?:\[\d{1,10}\])?: /u;

/** Whether text could be a log of an ESXi host whose content tells nothing: a time in UTC, a program. */
export function looksLikeLog(prefix: string): boolean {
  return prefix.split('\n', LINES).some((line) => {
    const text = line.slice(0, LINE_CHARACTERS);
    const stamp = STAMP.exec(text);
    return stamp !== null && PROGRAM.test(text.slice(stamp[0].length));
  });
}
