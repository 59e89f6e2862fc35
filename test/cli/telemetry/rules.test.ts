import type { TelemetryEvent } from '../../../cli/telemetry/events';
import type { LogLevel } from '../../../cli/telemetry/log';
import type { EventRule } from '../../../cli/telemetry/event-rule';
import { EVENT_RULES } from '../../../cli/telemetry/rules';

const listener = 'udp://0.0.0.0:2055';
const buffer = { requestedBytes: 16_777_216, effectiveBytes: 4_194_304 };
const stream = 'tcp://0.0.0.0:5514';
const peer = { listener: stream, address: '192.0.2.9', connections: 3 };
const segment = '2026-11-24T02-000';

type Sample<Kind> = readonly [Omit<Extract<TelemetryEvent, { kind: Kind }>, 'kind'>, LogLevel, string | RegExp];

/** One event of each kind there is, with the line it makes: a kind without one does not compile. */
const SAMPLES: { readonly [Kind in TelemetryEvent['kind']]: Sample<Kind> } = {
  daemon_started: [{ version: '0.1.0', dataDirectory: '/data' }, 'info', 'ascribe 0.1.0 starts on /data'],
  daemon_ready: [{ listeners: [] }, 'info', 'ready, listening on nothing'],
  daemon_stopping: [{ reason: 'SIGTERM' }, 'info', 'stopping: SIGTERM'],
  daemon_stopped: [{ records: 1234 }, 'info', 'stopped; the journal holds 1 234 records'],
  config_reloaded: [{ file: undefined }, 'info', 'configuration reloaded from defaults'],
  config_refused: [
    { faults: 'a.yaml:1:1: x: y' },
    'error',
    /not reloaded, the one before stays in force: a\.yaml:1:1/u,
  ],
  config_warning: [{ message: 'env:KEY' }, 'warn', 'env:KEY'],
  source_seen: [{ peer: '192.0.2.1', format: 'flow' }, 'info', 'first flow record from 192.0.2.1'],
  input_rejected: [
    { peer: '192.0.2.1', reason: 'bad_length', count: 3 },
    'warn',
    '3 records of 192.0.2.1 could not be read (bad_length); kept in the journal',
  ],
  kernel_drops: [{ listener, datagrams: 5 }, 'error', /^the kernel dropped 5 datagrams of udp:/u],
  sequence_gap: [{ peer: '192.0.2.1', missing: 12 }, 'warn', '12 records of 192.0.2.1 never came'],
  stage_behind: [{ stage: 'facts', records: 5000, seconds: 90 }, 'warn', 'facts is 5 000 records (1m 30s) behind'],
  stage_caught_up: [{ stage: 'facts' }, 'info', 'facts caught up'],
  facts_paused: [{ directory: '/data' }, 'error', /is free under \/data: facts wait in the journal/u],
  facts_resumed: [{ directory: '/data' }, 'info', /room under \/data again/u],
  part_failed: [{ part: 'journal', error: new Error('boom') }, 'error', 'journal failed: boom'],
  clock_jumped: [{ milliseconds: -5000 }, 'warn', 'the clock of this host jumped by -5.0 s'],
  forward_failing: [
    { destination: 'siem', code: 'connect', cause: 'refused', retryMs: 1500 },
    'warn',
    'siem takes nothing now, again in 1.5 s: refused',
  ],
  forward_denied: [
    { destination: 'siem', code: 'http_403', cause: 'who are you', retryMs: 1500 },
    'error',
    /^siem does not accept what is sent, somebody must look: who are you$/u,
  ],
  forward_works: [{ destination: 'siem', failures: 3 }, 'info', 'siem takes records again, after 3 tries'],
  forward_dead: [
    { destination: 'siem', code: 'bulk_400', cause: 'x', records: 2 },
    'error',
    /^siem refuses 2 records/u,
  ],
  forward_gap: [
    { destination: 'siem', records: 'events', segment, missing: 9 },
    'error',
    /^retention removes 2026-11-24T02-000 before siem had 9 events of it/u,
  ],
  forward_rewound: [{ destination: 'siem', records: 'sessions' }, 'warn', /siem gets all sessions again/u],
  forward_redriven: [
    { destination: 'siem', delivered: 3, dead: 1, gone: 0 },
    'info',
    'siem: 3 dead letters delivered, 1 refused again, 0 no longer in the store',
  ],
  udp_listening: [{ listener, buffer }, 'info', `listening on ${listener}, receive buffer 4.00 MiB`],
  udp_buffer_clamped: [
    { listener, buffer, sysctl: 'net.core.rmem_max', limit: 4_194_304 },
    'warn',
    /at 4\.00 MiB of 16\.0 MiB: raise sysctl net\.core\.rmem_max \(now 4194304\) to 16777216$/u,
  ],
  udp_family_missing: [{ address: '[::]:2055', systemCode: 'EAFNOSUPPORT' }, 'info', /left out: .*EAFNOSUPPORT/u],
  udp_socket_error: [{ listener, error: new Error('boom') }, 'error', `socket error on ${listener}: boom`],
  udp_refused: [
    { listener, address: '192.0.2.9', datagrams: 7 },
    'warn',
    /^7 datagrams .* the latest was 192\.0\.2\.9$/u,
  ],
  udp_queue_full: [{ listener, datagrams: 7 }, 'error', /^7 datagrams .* lost: the queue to the journal was full$/u],
  stream_listening: [{ listener: stream }, 'info', `listening on ${stream}`],
  stream_family_missing: [{ address: '[::]:5514', systemCode: 'EAFNOSUPPORT' }, 'info', /left out: .*EAFNOSUPPORT/u],
  stream_server_error: [{ listener: stream, error: new Error('boom') }, 'error', `socket error on ${stream}: boom`],
  stream_refused: [{ ...peer, reason: 'not_allowed' }, 'warn', /^3 connections .* \(not allowed to send\)/u],
  stream_broken: [{ ...peer, systemCode: 'ECONNRESET' }, 'warn', /\(ECONNRESET\); what had arrived is kept$/u],
  stream_idle: [peer, 'info', /^3 silent connections/u],
  stream_tls_on_plain: [peer, 'warn', /^192\.0\.2\.9 speaks TLS to tcp:.*plain TCP/u],
  stream_plain_on_tls: [peer, 'warn', /^192\.0\.2\.9 speaks plain text to .*TLS/u],
  stream_tls_failed: [{ ...peer, reason: 'ERR_SSL_X' }, 'warn', /failed: ERR_SSL_X$/u],
  stream_tls_denied: [
    { ...peer, reason: 'not_listed', name: 'CN=a', fingerprint: 'aa' },
    'warn',
    /"CN=a" \(sha256:aa\) of 192\.0\.2\.9 may not send/u,
  ],
  stream_truncated: [peer, 'error', /longer than max_message and were cut$/u],
  stream_paused: [peer, 'warn', /reads no further until it has room$/u],
  stream_undelivered: [{ listener: stream, messages: 4 }, 'error', /^4 messages of tcp:.* were lost/u],
  stream_tls_reloaded: [{ certificate: 'a.pem' }, 'info', 'certificate a.pem read again'],
  snmp_device_silent: [
    { device: 'esx-01', reason: 'timeout', detail: 'no answer' },
    'warn',
    'esx-01 does not answer SNMP: timeout, no answer',
  ],
  snmp_device_answers: [{ device: 'esx-01', failures: 3 }, 'info', /^esx-01 answers SNMP again, after 3/u],
  snmp_table_incomplete: [
    { device: 'sw1', table: 'ifTable', reason: 'timeout', detail: 'half', varbinds: 40 },
    'warn',
    'ifTable of sw1 was read in part, 40 values: timeout, half',
  ],
  snmp_record_dropped: [{ device: 'sw1', table: 'ifTable', bytes: 2048 }, 'error', /^ifTable of sw1 .* was lost/u],
  snmp_device_unusable: [{ device: 'sw1', text: 'no credential' }, 'error', 'sw1 cannot be polled: no credential'],
  snmp_traps_refused: [
    { listener, address: '192.0.2.9', reason: 'unknown_community', datagrams: 2 },
    'warn',
    /^2 notifications .* 192\.0\.2\.9 \(unknown_community\)$/u,
  ],
  ssh_connected: [
    { device: 'esx-01', software: 'OpenSSH_8.8', hostKey: 'SHA256:x', legacyAlgorithms: true },
    'info',
    'logged in to esx-01 (OpenSSH_8.8, host key SHA256:x, broken algorithms offered)',
  ],
  ssh_unavailable: [
    { device: 'esx-01', code: 'ssh_refused', text: 'esx-01 refuses connections' },
    'warn',
    'not read over SSH (ssh_refused): esx-01 refuses connections',
  ],
  ssh_available: [{ device: 'esx-01', failures: 3 }, 'info', /esx-01 is read over SSH again, after 3 failed tries/u],
  ssh_host_key_refused: [
    { device: 'esx-01', code: 'ssh_host_key_changed', text: 'esx-01 shows the host key x' },
    'error',
    'esx-01 shows the host key x',
  ],
  ssh_login_held: [
    { device: 'esx-01', code: 'ssh_auth_refused', text: 'esx-01 refuses the login' },
    'error',
    /not tried again until ascribe is reloaded/u,
  ],
  ssh_command_incomplete: [
    { device: 'esx-01', command: 'vib_list', reason: 'timeout', exit: null, text: '' },
    'warn',
    'vib_list of esx-01 was read in part (timeout)',
  ],
  ssh_log_gap: [
    { device: 'esx-01', file: '/var/run/log/shell.log', reason: 'truncated' },
    'error',
    'lines of /var/run/log/shell.log on esx-01 are missing (truncated)',
  ],
  ssh_log_behind: [{ device: 'esx-01', bytes: 2 ** 25 }, 'warn', /of log on esx-01 are not read yet/u],
  ssh_log_caught_up: [{ device: 'esx-01' }, 'info', 'the logs of esx-01 are read up to now'],
  ssh_clock_stepped: [{ device: 'esx-01', milliseconds: -90_000 }, 'warn', /^the clock of esx-01 stepped by -/u],
  ssh_record_dropped: [
    { device: 'esx-01', command: 'vib_list', bytes: 2048 },
    'warn',
    /^vib_list of esx-01 .* no room/u,
  ],
  ssh_limitation: [{ device: 'esx-01', text: 'no dd' }, 'warn', 'esx-01: no dd'],
  segment_opened: [{ segment, firstSeq: 7 }, 'debug', /begins with record 7$/u],
  segment_sealed: [{ segment, count: 1000, durationMs: 20 }, 'info', /sealed: 1 000 records in 20 ms$/u],
  segment_retired: [{ segment, reason: 'age' }, 'info', /removed: age$/u],
  journal_recovered: [{ segment, what: 'tail cut' }, 'warn', /tail cut$/u],
  segment_damaged: [{ segment, what: 'head differs' }, 'error', /is damaged: head differs; `ascribe db verify`/u],
  disk_reserve_released: [{ bytes: 2 ** 26 }, 'error', /lives on its reserve of 64\.0 MiB/u],
  disk_full: [{ directory: '/data' }, 'error', /nothing is taken in until there is space$/u],
  disk_space_back: [{ directory: '/data' }, 'info', /space under \/data again/u],
  disk_reserve_set_up: [{ bytes: 2 ** 26 }, 'info', /reserve of 64\.0 MiB is set up$/u],
};

describe('event rules', () => {
  const rows = Object.entries(SAMPLES).map(([kind, [fields, level, message]]) => {
    const event = { ...fields, kind } as TelemetryEvent;
    return [kind, event, level, message] as const;
  });

  it.each(rows)('%s', (kind, event, level, message) => {
    const rule = EVENT_RULES[event.kind] as EventRule<TelemetryEvent>;
    const line = rule.message(event);
    expect(rule.level).toBe(level);
    if (typeof message === 'string') expect(line).toBe(message);
    else expect(line).toMatch(message);
    const values = Object.values({
      ...rule.labels?.(event),
      ...rule.fields?.(event),
      subject: rule.subject?.(event) ?? kind,
    });
    expect(values.every((value) => typeof value === 'string' && value !== '')).toBe(true);
    expect(rule.counter ?? 'ascribe_x_total').toMatch(/^ascribe_[a-z_]+_total$/u);
    expect(rule.amount?.(event) ?? 1).toBeGreaterThan(0);
  });

  it('raise no alarm that nothing ends, but for damage and loss', () => {
    const rules = Object.values(EVENT_RULES) as EventRule<TelemetryEvent>[];
    const named = (state: string): Set<string> =>
      new Set(rules.flatMap(({ alarm }) => (alarm?.state === state ? [alarm.name] : [])));
    expect([...named('raised')].filter((name) => !named('ended').has(name))).toEqual([
      'forward_gap',
      'segment_damaged',
    ]);
  });
});
