/** What kind of log a file is, by its name, and what that means for reading it. */
export interface LogKind {
  readonly name: string;
  /** The program of lines that name none. */
  readonly program: string | undefined;
  /** Every record may tell something. In the others most lines are the program's own affairs. */
  readonly whole: boolean;
}

const kind = (name: string, program: string | undefined, whole: boolean): LogKind => ({ name, program, whole });

/** By the name up to its first dot, without the number of a generation. */
const KINDS: ReadonlyMap<string, LogKind> = new Map(
  [
    kind('hostd', 'hostd', false),
    kind('vpxa', 'vpxa', false),
    kind('vobd', 'vobd', true),
    kind('shell', 'shell', true),
    kind('auth', 'sshd', true),
    kind('vmkernel', 'vmkernel', false),
    kind('vmkwarning', 'vmkernel', false),
    kind('syslog', undefined, false),
    kind('esxupdate', 'esxupdate', true),
    kind('esxcli', 'esxcli', true),
    kind('vmware', 'vmx', false),
    kind('audit', undefined, true),
  ].map((entry) => [entry.name, entry]),
);

/** Any other log. */
const OTHER = kind('other', undefined, false);

/**
 * Kind of `/var/run/log/hostd.log`, `hostd.0.gz`, `vmkernel.all`, `vmware-3.log`, `shell.log.1`; of another name a kind
 * that keeps what is recognized by its content.
 */
export function logKind(file: string): LogKind {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.indexOf('.');
  const stem = dot < 0 ? base : base.slice(0, dot);
  const dash = stem.lastIndexOf('-');
  const numbered = dash > 0 && isNumber(stem.slice(dash + 1));
  return KINDS.get((numbered ? stem.slice(0, dash) : stem).toLowerCase()) ?? OTHER;
}

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return text !== '';
}
