import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, Fact, SessionLog } from '../../../../normalizer/model/facts';
import { factsOfLine } from './read-line';

/**
 * Cases of napalm-logs (Apache-2.0), which are read where they stand and never copied: host, time, tag and those values of
 * the expected model that our facts carry.
 */
const FOLDER = join(__dirname, '../../../../../shared/data/syslog/napalm-logs');
const OSES = ['ios', 'iosxr', 'nxos', 'eos', 'junos'];
const present = existsSync(FOLDER);

interface Expected {
  readonly host: string;
  readonly timestamp: number;
  readonly yang_message: unknown;
  readonly message_details: Readonly<Record<string, string | number | null>>;
}

/** Where napalm-logs and we differ, and why ours stands. `*`: the device says its clock is not set, so the receive time stands; `MEST`: it ignores the zone (UTC+2). */
const TIMES: Readonly<Record<string, 'receipt' | number>> = {
  ios__INTERFACE_DOWN__default: 'receipt',
  ios__OSPF_NEIGHBOR_DOWN__init_to_down: 'receipt',
  ios__OSPF_NEIGHBOR_UP__loading_to_full: 'receipt',
  ios__INTERFACE_DOWN__message_with_timezone: -7200,
  ios__USER_EXIT_CONFIG_MODE__message_with_timezone: -7200,
};

const cases = present
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('__yang.json') && OSES.some((os) => name.startsWith(`${os}__`)))
      .map((name) => name.replace('__yang.json', ''))
  : [];

function load(name: string): { readonly line: string; readonly expected: Expected } {
  return {
    line: readFileSync(join(FOLDER, `${name}__syslog.msg`), 'utf8').trimEnd(),
    expected: JSON.parse(readFileSync(join(FOLDER, `${name}__yang.json`), 'utf8')) as Expected,
  };
}

/** Seconds; some expected times are "now" of the day the case was written. */
function secondsOf({ timestamp, message_details: details }: Expected): number | undefined {
  if (timestamp > 1e11) return undefined;
  const clock = new Date(timestamp * 1000).toISOString().slice(11, 19);
  return clock === String(details['time']).slice(0, 8) ? timestamp : undefined;
}

/** Leaves of the model with the names above them. */
function leaves(value: unknown, path: readonly string[] = []): [path: readonly string[], value: string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** Names of the model that our facts carry under another name. */
const CARRIED: Readonly<Record<string, (fact: Fact) => string | number | null | undefined>> = {
  peer_as: (fact) => extra(fact, 'ascribe.as'),
  'session-state-change-event': (fact) => extra(fact, 'ascribe.event'),
  'session-state': (fact) => state(fact, 'ascribe.state.new'),
  'session-state-old': (fact) => state(fact, 'ascribe.state.old'),
  received: (fact) => extra(fact, 'ascribe.prefixes'),
  max_prefixes: (fact) => extra(fact, 'ascribe.prefix_limit'),
  'adjacency-state-change-reason-message': (fact) => lastPart(extra(fact, 'event.reason')),
  change_reason: (fact) => extra(fact, 'event.reason'),
  oper_status: (fact) => interfaceState(fact),
  admin_status: (fact) => interfaceState(fact),
  duplex_mode: (fact) => upper(extra(fact, 'ascribe.duplex')),
  interface_mode: (fact) => upper(extra(fact, 'ascribe.mode')),
  comment: (fact) => extra(fact, 'ascribe.comment'),
  path: (fact) => extra(fact, 'ascribe.config_path'),
  statement: (fact) => extra(fact, 'ascribe.config_statement'),
  message: (fact) => extra(fact, 'event.reason'),
  pid: (fact) => extra(fact, 'process.pid'),
  'learned-mac-addresses': (fact) => extra(fact, 'ascribe.count'),
  'alarm-reason': (fact) => extra(fact, 'event.reason'),
  reason: (fact) => session(fact)?.reason,
  source_address: (fact) => session(fact)?.source.ip,
  source_port: (fact) => session(fact)?.source.port,
  destination_address: (fact) => session(fact)?.destination.ip,
  destination_port: (fact) => session(fact)?.destination.port,
  nat_source_address: (fact) => session(fact)?.source.natIp ?? session(fact)?.source.ip,
  nat_source_port: (fact) => session(fact)?.source.natPort ?? session(fact)?.source.port,
  nat_destination_address: (fact) => session(fact)?.destination.natIp ?? session(fact)?.destination.ip,
  nat_destination_port: (fact) => session(fact)?.destination.natPort ?? session(fact)?.destination.port,
  service_name: (fact) => extra(fact, 'ascribe.service'),
  src_nat_rule_name: (fact) => extra(fact, 'ascribe.nat.source_rule') ?? null,
  protocol_id: (fact) => session(fact)?.protocol,
};

/** Leaves whose value in the model is not what the line says, and why. */
const UNCARRIED: ReadonlySet<string> = new Set([
  // The peer's address stands in the field of its AS.
  'junos__BGP_INCORRECT_AS_NUMBER__default peer_as',
  // `FPC 0 Major Errors` is cut into a name and a reason.
  'junos__SYSTEM_ALARM__default_fpc alarm-reason',
  // Not in the line: made up from the kind of event.
  'nxos__STP_BLOCK_BPDUGUARD__default change_reason',
  'nxos__STP_BLOCK_BPDUGUARD__default admin_status',
  'junos__BPDU_BLOCK_INTERFACE_DISABLED__default oper_status',
  // The whole `lacp timeout on member …` is the reason.
  'junos__LACP_INTERFACE_DOWN__default interface',
]);

function extra(fact: Fact, key: string): string | number | undefined {
  return fact.fact === 'event' || fact.fact === 'session_log' ? fact.extra?.[key] : undefined;
}

function session(fact: Fact): SessionLog | undefined {
  return fact.fact === 'session_log' ? fact : undefined;
}

function upper(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value).toUpperCase();
}

/** `OpenSent` and `OPEN_SENT` are one state. */
function state(fact: Fact, key: string): string | undefined {
  return upper(extra(fact, key));
}

function lastPart(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value).replace('Neighbor Down: ', '');
}

function interfaceState(fact: Fact): string | undefined {
  return fact.fact === 'event' && fact.action.startsWith('interface_')
    ? fact.action.slice(10).toUpperCase()
    : undefined;
}

(present ? describe : describe.skip)('napalm-logs', () => {
  test('has its cases', () => {
    expect(present ? cases.length : 1).toBeGreaterThan(0);
  });

  (cases.length === 0 ? test.skip : test).each(cases.length === 0 ? ['absent'] : cases)('%s', (name) => {
    const { line, expected } = load(name);
    const seconds = secondsOf(expected);
    const receivedAt = (seconds ?? 1_700_000_000) * 1000 + 3_600_000;
    const facts = factsOfLine(line, { receivedAt });
    const first = facts[0] as Event | SessionLog;
    expect(first).toBeDefined();
    expect(first.device).toBe(expected.host);
    const time = TIMES[name];
    if (time === 'receipt') expect(first).toMatchObject({ observedAt: receivedAt, timeQuality: 'unsynced' });
    else if (seconds !== undefined) expect(Math.floor(first.observedAt / 1000)).toBe(seconds + (time ?? 0));
    // A line card's text has no tag; it takes a word of it for one.
    const tag = name.startsWith('junos__NH_') ? undefined : expected.message_details['tag'];
    if (typeof tag === 'string' && tag.includes('_') && tag === tag.toUpperCase()) expect(first.code).toBe(tag);
    expectValues(name, facts, expected);
  });
});

function expectValues(name: string, facts: readonly Fact[], { yang_message: model }: Expected): void {
  for (const [path, value] of leaves(model)) {
    const leaf = path.at(-1) ?? '';
    const carried = CARRIED[leaf];
    if (carried === undefined || UNCARRIED.has(`${name} ${leaf}`)) continue;
    const found = facts.map(carried).find((each) => each !== undefined);
    const want = leaf.startsWith('session-state') && !leaf.endsWith('event') ? value.replace('_', '') : value;
    expect([leaf, String(found)]).toEqual([leaf, want]);
  }
}
