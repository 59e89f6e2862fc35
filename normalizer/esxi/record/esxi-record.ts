/**
 * One record of an ESXi log behind its coat: the spelling of a version's files or of its network syslog. Both ways lead
 * here, so that the same event gives the same facts.
 */
export interface EsxiRecord {
  /** The program as it is written (`Hostd`, `hostd`, `vmkernel`); undefined where neither line nor file says it. */
  readonly program: string | undefined;
  readonly pid: string | undefined;
  /** Syslog severity, 0 emergency to 7 debug. */
  readonly severity: number | undefined;
  /** `[Originator@6876 …]`, `[esx@4413 …]`, audit records: element → parameter → value. */
  readonly data: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  /** What is said, from its first character on; continuation lines follow, each behind a line feed, without their mark. */
  readonly message: string;
}

/** Parameters of the element that tells who logged: `sub`, `opID`, `user`, `sid`. */
export function originOf(data: EsxiRecord['data']): ReadonlyMap<string, string> | undefined {
  if (data === undefined) return undefined;
  for (const [id, parameters] of data) if (id === 'Originator@6876' || id.startsWith('esx@')) return parameters;
  return undefined;
}

/** Names that versions write in different case: one name a program. */
const ONE_CASE: ReadonlySet<string> = new Set(['hostd', 'vpxa', 'esxupdate', 'rhttpproxy', 'fdm', 'esxcli']);

/** `hostd` for `Hostd`; other names as they are. */
export function programName(program: string): string {
  const lower = program.toLowerCase();
  return ONE_CASE.has(lower) ? lower : program;
}
