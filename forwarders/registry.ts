import type { RecordFormat, RecordKind, TransportType } from './contract';
import { cefFormat } from './formats/cef';
import { ecsFormat } from './formats/ecs';
import { leef1Format, leefFormat } from './formats/leef';
import { ocsfFormat } from './formats/ocsf';
import { checkpointKind } from './kinds/checkpoints';
import { eventKind } from './kinds/events';
import { findingKind } from './kinds/findings';
import { rawKind } from './kinds/raw';
import { sessionLogKind } from './kinds/session-logs';
import { sessionKind } from './kinds/sessions';
import { verdictKind } from './kinds/verdicts';
import { azureLogsType } from './transports/azure-logs';
import { elasticsearchType } from './transports/elasticsearch';
import { fileType } from './transports/file';
import { kafkaType } from './transports/kafka';
import { natsType } from './transports/nats';
import { otlpHttpType } from './transports/otlp-http';
import { relpType } from './transports/relp';
import { splunkHecType } from './transports/splunk-hec';
import { syslogTcpType } from './transports/syslog-tcp';
import { syslogTlsType } from './transports/syslog-tls';
import { syslogUdpType } from './transports/syslog-udp';

/** What can be sent. A new kind is one file and one line. */
export const KINDS: readonly RecordKind[] = [
  sessionKind,
  verdictKind,
  findingKind,
  eventKind,
  sessionLogKind,
  rawKind,
  checkpointKind,
];

/** In what words. A new format is one file and one line. */
export const FORMATS: readonly RecordFormat[] = [ecsFormat, ocsfFormat, cefFormat, leefFormat, leef1Format];

/** How it is carried. A new transport is one file and one line. */
export const TRANSPORTS: readonly TransportType[] = [
  syslogUdpType,
  syslogTcpType,
  syslogTlsType,
  relpType,
  splunkHecType,
  elasticsearchType,
  kafkaType,
  natsType,
  otlpHttpType,
  azureLogsType,
  fileType,
];

/** The format of this name. Throws for another: names come from the validated configuration. */
export function formatNamed(name: string): RecordFormat {
  return found(FORMATS, name, ({ name }) => name);
}

export function kindNamed(name: string): RecordKind {
  return found(KINDS, name, ({ name }) => name);
}

export function transportNamed(name: string): TransportType {
  return found(TRANSPORTS, name, ({ type }) => type);
}

function found<Item>(items: readonly Item[], name: string, nameOf: (item: Item) => string): Item {
  const item = items.find((each) => nameOf(each) === name);
  if (item === undefined) throw new RangeError(`forwarders know no "${name}"`);
  return item;
}
