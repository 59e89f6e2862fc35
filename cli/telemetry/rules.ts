import { formatBytes, formatCount, formatDuration } from '../output/units';
import type { EventRule } from './event-rule';
import type { TelemetryEvent } from './events';
import { FORWARD_RULES } from './forward-rules';
import { SNMP_RULES } from './snmp-rules';
import { SSH_RULES } from './ssh-rules';
import { STREAM_RULES } from './stream-rules';

/** One rule for each kind there is: a new kind without a rule does not compile. */
export type EventRules = {
  readonly [Kind in TelemetryEvent['kind']]: EventRule<Extract<TelemetryEvent, { kind: Kind }>>;
};

export const EVENT_RULES: EventRules = {
  daemon_started: {
    level: 'info',
    message: ({ version, dataDirectory }) => `ascribe ${version} starts on ${dataDirectory}`,
  },
  daemon_ready: {
    level: 'info',
    message: ({ listeners }) => `ready, listening on ${listeners.join(' ') || 'nothing'}`,
  },
  daemon_stopping: { level: 'info', message: ({ reason }) => `stopping: ${reason}` },
  daemon_stopped: {
    level: 'info',
    message: ({ records }) => `stopped; the journal holds ${formatCount(records)} records`,
  },
  config_reloaded: { level: 'info', message: ({ file }) => `configuration reloaded from ${file ?? 'defaults'}` },
  config_refused: {
    level: 'error',
    message: ({ faults }) => `configuration not reloaded, the one before stays in force: ${faults}`,
    counter: 'ascribe_config_refused_total',
  },
  config_warning: { level: 'warn', message: ({ message }) => message },
  source_seen: {
    level: 'info',
    message: ({ peer, format }) => `first ${format} record from ${peer}`,
    fields: ({ peer }) => ({ 'source.address': peer }),
    counter: 'ascribe_sources_seen_total',
    labels: ({ format }) => ({ format }),
    subject: ({ peer }) => peer,
  },
  input_rejected: {
    level: 'warn',
    message: ({ peer, reason, count }) =>
      `${formatCount(count)} records of ${peer} could not be read (${reason}); kept in the journal`,
    fields: ({ peer, reason }) => ({ 'source.address': peer, 'error.code': reason }),
    subject: ({ peer }) => peer,
    counter: 'ascribe_input_rejected_total',
    amount: ({ count }) => count,
    labels: ({ reason }) => ({ reason }),
  },
  kernel_drops: {
    level: 'error',
    message: ({ listener, datagrams }) =>
      `the kernel dropped ${formatCount(datagrams)} datagrams of ${listener}: its receive buffer was full`,
    subject: ({ listener }) => listener,
    counter: 'ascribe_kernel_drops_total',
    amount: ({ datagrams }) => datagrams,
    labels: ({ listener }) => ({ listener }),
  },
  sequence_gap: {
    level: 'warn',
    message: ({ peer, missing }) => `${formatCount(missing)} records of ${peer} never came`,
    fields: ({ peer }) => ({ 'source.address': peer }),
    subject: ({ peer }) => peer,
    counter: 'ascribe_sequence_lost_total',
    amount: ({ missing }) => missing,
  },
  stage_behind: {
    level: 'warn',
    message: ({ stage, records, seconds }) =>
      `${stage} is ${formatCount(records)} records (${formatDuration(seconds * 1000)}) behind`,
    subject: ({ stage }) => stage,
    alarm: { name: 'stage_behind', state: 'raised' },
  },
  stage_caught_up: {
    level: 'info',
    message: ({ stage }) => `${stage} caught up`,
    subject: ({ stage }) => stage,
    alarm: { name: 'stage_behind', state: 'ended' },
  },
  facts_paused: {
    level: 'error',
    message: ({ directory }) =>
      `less than journal.reserve_bytes is free under ${directory}: facts wait in the journal, which goes on`,
    counter: 'ascribe_facts_paused_total',
    alarm: { name: 'facts_paused', state: 'raised' },
  },
  facts_resumed: {
    level: 'info',
    message: ({ directory }) => `there is room under ${directory} again: deriving facts`,
    alarm: { name: 'facts_paused', state: 'ended' },
  },
  part_failed: {
    level: 'error',
    message: ({ part, error }) => `${part} failed: ${error.message}`,
    fields: ({ error }) => ({ 'error.stack_trace': error.stack }),
    counter: 'ascribe_parts_failed_total',
    labels: ({ part }) => ({ part }),
  },
  clock_jumped: {
    level: 'warn',
    message: ({ milliseconds }) => `the clock of this host jumped by ${formatDuration(milliseconds)}`,
    counter: 'ascribe_clock_jumps_total',
  },

  udp_listening: {
    level: 'info',
    message: ({ listener, buffer }) => `listening on ${listener}, receive buffer ${formatBytes(buffer.effectiveBytes)}`,
  },
  udp_buffer_clamped: {
    level: 'warn',
    message: ({ listener, buffer, sysctl, limit }) =>
      `the kernel caps the receive buffer of ${listener} at ${formatBytes(buffer.effectiveBytes)} of ${formatBytes(buffer.requestedBytes)}: raise sysctl ${sysctl} (now ${limit ?? 'unknown'}) to ${buffer.requestedBytes}`,
  },
  udp_family_missing: {
    level: 'info',
    message: ({ address, systemCode }) => `${address} left out: this host has no such address family (${systemCode})`,
  },
  udp_socket_error: {
    level: 'error',
    message: ({ listener, error }) => `socket error on ${listener}: ${error.message}`,
    subject: ({ listener }) => listener,
    counter: 'ascribe_udp_socket_errors_total',
    labels: ({ listener }) => ({ listener }),
  },
  udp_refused: {
    level: 'warn',
    message: ({ listener, address, datagrams }) =>
      `${formatCount(datagrams)} datagrams on ${listener} refused: the sender is not in \`allow\`, the latest was ${address}`,
    fields: ({ address }) => ({ 'source.address': address }),
    subject: ({ listener }) => listener,
    counter: 'ascribe_udp_refused_total',
    amount: ({ datagrams }) => datagrams,
    labels: ({ listener }) => ({ listener }),
  },
  udp_queue_full: {
    level: 'error',
    message: ({ listener, datagrams }) =>
      `${formatCount(datagrams)} datagrams of ${listener} lost: the queue to the journal was full`,
    subject: ({ listener }) => listener,
    counter: 'ascribe_udp_queue_drops_total',
    amount: ({ datagrams }) => datagrams,
    labels: ({ listener }) => ({ listener }),
  },

  ...STREAM_RULES,
  ...SNMP_RULES,
  ...SSH_RULES,
  ...FORWARD_RULES,

  segment_opened: {
    level: 'debug',
    message: ({ segment, firstSeq }) => `journal segment ${segment} begins with record ${firstSeq}`,
  },
  segment_sealed: {
    level: 'info',
    message: ({ segment, count, durationMs }) =>
      `journal segment ${segment} sealed: ${formatCount(count)} records in ${formatDuration(durationMs)}`,
    counter: 'ascribe_segments_sealed_total',
  },
  segment_retired: {
    level: 'info',
    message: ({ segment, reason }) => `journal segment ${segment} removed: ${reason}`,
    counter: 'ascribe_segments_retired_total',
  },
  journal_recovered: {
    level: 'warn',
    message: ({ segment, what }) => `journal segment ${segment}: ${what}`,
    counter: 'ascribe_journal_recoveries_total',
  },
  segment_damaged: {
    level: 'error',
    message: ({ segment, what }) => `journal segment ${segment} is damaged: ${what}; \`ascribe db verify\` tells more`,
    counter: 'ascribe_segments_damaged_total',
    subject: ({ segment }) => segment,
    alarm: { name: 'segment_damaged', state: 'raised' },
  },
  disk_reserve_released: {
    level: 'error',
    message: ({ bytes }) => `the disk is full: the journal lives on its reserve of ${formatBytes(bytes)}; make space`,
    alarm: { name: 'disk_low', state: 'raised' },
  },
  disk_full: {
    level: 'error',
    message: ({ directory }) => `the disk under ${directory} is full: nothing is taken in until there is space`,
    counter: 'ascribe_disk_full_total',
    alarm: { name: 'disk_full', state: 'raised' },
  },
  disk_space_back: {
    level: 'info',
    message: ({ directory }) => `there is space under ${directory} again: taking in`,
    alarm: { name: 'disk_full', state: 'ended' },
  },
  disk_reserve_set_up: {
    level: 'info',
    message: ({ bytes }) => `the journal's reserve of ${formatBytes(bytes)} is set up`,
    alarm: { name: 'disk_low', state: 'ended' },
  },
};
