import type { StoredRecord } from '../../collectors/contract';
import { type FactSink, type Normalizer, NormalizerStateError } from '../contract';
import type { FlowRun } from '../model/flow-batch';
import type { DeviceSettings, SettingsFor } from '../settings';
import { type FactOrigin, gap, rejected } from './flow-facts';
import { nameApplications, namePayloads } from './flow-names';
import { type FlowHeader, isProblem } from './flow-header';
import { stateBindings } from './flow-bindings';
import { readIpfixHeader } from './ipfix';
import { DEFAULT_LIMITS, type FlowLimits } from './limits';
import { fixedLayout, fixedRecordCount, fixedTemplate, readFixedHeader } from './netflow-v5';
import { readV9Header } from './netflow-v9';
import { ConnectionCounter } from './nsel';
import { PendingSets } from './pending-sets';
import { RestartWatch } from './restart';
import { applySampling } from './sampling';
import type { Problem } from './set-list';
import { type Datagram, SetDecoder } from './set-decoder';
import { readSflowHeader, SFLOW_VERSION } from './sflow';
import { SflowDecoder } from './sflow-decoder';
import { restoreState, type SnapshotParts, takeState } from './snapshot';
import { type Stream, StreamTable } from './streams';
import type { Template } from './template';
import { TemplateReader } from './template-reader';

/** How a `FlowNormalizer` is set up. */
export interface FlowNormalizerOptions {
  /** Names, sampling defaults and overrides by exporter address. Default: none. */
  readonly settingsFor?: SettingsFor;
  readonly limits?: Partial<FlowLimits>;
}

/** Loss is stated at most once in so long for each stream. */
const GAP_INTERVAL_MS = 10_000;
const EXPIRY_INTERVAL_MS = 60_000;
const NO_SETTINGS: DeviceSettings = {};

/**
 * Flow export of all kinds into flow rows and facts. Sets that come before their template are remembered by their place
 * in the journal and offered through `takeReplays` when it has come.
 */
export class FlowNormalizer implements Normalizer {
  readonly formats = ['flow'] as const;
  readonly #limits: FlowLimits;
  readonly #pending: PendingSets;
  readonly #streams: StreamTable;
  readonly #decoder: SetDecoder;
  readonly #connections: ConnectionCounter;
  readonly #sflow = new SflowDecoder();
  readonly #restarts = new RestartWatch();
  readonly #fixed = new Map<number, Template>();
  /** Streams with loss that was not stated yet, and since when the oldest waits. */
  readonly #unstated = new Set<Stream>();
  #unstatedSince = 0;
  #expiredAt = 0;
  #record: StoredRecord | undefined;
  #sink: FactSink | undefined;

  constructor({ settingsFor = () => NO_SETTINGS, limits = {} }: FlowNormalizerOptions = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#pending = new PendingSets(this.#limits);
    this.#streams = new StreamTable(this.#limits, settingsFor, (stream) => this.#forget(stream));
    this.#connections = new ConnectionCounter(this.#limits.connections);
    this.#decoder = new SetDecoder(this.#streams, this.#pending, (run, reader, stream, header) =>
      this.#finish(run, reader, stream, header),
    );
  }

  /** Sets remembered until their template comes. */
  get pendingSets(): number {
    return this.#pending.count;
  }

  /** Sets that wait for their template, and those given up since the last gap fact. */
  get waiting(): number {
    let givenUp = 0;
    for (const stream of this.#unstated) givenUp += stream.givenUp;
    return this.#pending.count + givenUp;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** sFlow counter samples that were passed over since the start. */
  get counterSamples(): number {
    return this.#sflow.counterSamples;
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    this.#record = record;
    this.#sink = sink;
    this.#elapse(record);
    const view = new DataView(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
    const header = readHeader(view, record.receivedAt);
    if (isProblem(header)) {
      this.#rejectWhole(record, view, header, sink);
      return;
    }
    const stream = this.#streams.get(record.origin.peer, header.version, header.domain);
    stream.lastSeq = record.seq;
    const datagram: Datagram = { record, view, header, stream, sink };
    this.#watchRestart(datagram);
    const setsBefore = stream.givenUp;
    const records = this.#decode(datagram);
    if (stream.givenUp > setsBefore) this.#stateLater(stream, record);
    if (Number.isNaN(header.sequence)) return;
    if (stream.sequence.observe(header.sequence, records, record.receivedAt) === 'lost')
      this.#stateLater(stream, record);
  }

  takeReplays(): readonly number[] {
    return this.#pending.take();
  }

  replay(record: StoredRecord, sink: FactSink): void {
    const waiting = this.#pending.of(record.seq);
    if (waiting === undefined) return;
    this.#record = record;
    this.#sink = sink;
    const view = new DataView(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
    const header = readHeader(view, record.receivedAt);
    const stream = this.#streams.byKey(waiting.stream);
    if (isProblem(header) || stream === undefined) return;
    this.#decoder.replay({ record, view, header, stream, sink }, waiting);
  }

  /** States loss that still waits for its interval to pass. For one-shot use, where no further record will come. */
  finish(sink: FactSink): void {
    this.#sink = sink;
    if (this.#record !== undefined) this.#stateGaps(this.#record);
  }

  snapshot(): Uint8Array {
    this.#connections.settle();
    return takeState(this.#parts());
  }

  restore(snapshot: Uint8Array): void {
    if (this.#streams.size > 0) throw new NormalizerStateError('a snapshot can only be taken up by a fresh normalizer');
    const { unstated, unstatedSince, expiredAt } = restoreState(snapshot, this.#parts());
    for (const stream of unstated) this.#unstated.add(stream);
    this.#unstatedSince = unstatedSince;
    this.#expiredAt = expiredAt;
  }

  #parts(): SnapshotParts {
    return {
      streams: this.#streams,
      pending: this.#pending,
      connections: this.#connections,
      unstated: [...this.#unstated],
      unstatedSince: this.#unstatedSince,
      expiredAt: this.#expiredAt,
    };
  }

  #decode(datagram: Datagram): number {
    switch (datagram.header.version) {
      case 9:
      case 10:
        return this.#decoder.decode(datagram);
      case SFLOW_VERSION:
        return this.#sflow.decode(datagram);
      default:
        return this.#decodeFixed(datagram);
    }
  }

  #decodeFixed({ record, view, header, stream, sink }: Datagram): number {
    const layout = fixedLayout(header);
    let template = this.#fixed.get(layout);
    if (template === undefined) this.#fixed.set(layout, (template = fixedTemplate(layout)));
    template.reader ??= new TemplateReader(template);
    const count = fixedRecordCount(header, layout);
    if (count > 0) {
      const clock = { exportedAt: header.exportedAt, uptime: header.uptime };
      const run = template.reader.read(sink.flows, stream.id, view, header.from, header.to, count, clock);
      run.rawSeq = record.seq;
      run.firstOrdinal = 0;
      run.receivedAt = record.receivedAt;
      run.exportedAt = header.exportedAt;
      run.templateId = 0;
      this.#finish(run, template.reader, stream, header);
    }
    if (count < header.count) {
      const offset = header.from + count * template.recordLength;
      sink.fact(rejected(originOf(record, stream, header.exportedAt), 'flow_truncated_record', offset));
      return header.count;
    }
    return count;
  }

  #finish(run: FlowRun, reader: TemplateReader, stream: Stream, header: FlowHeader): void {
    const { flows } = this.#sink!;
    const { plan } = reader;
    const slots = reader.slots(flows);
    const { settings, options } = stream;
    const connections = reader.connections(flows);
    if (connections !== undefined) this.#connections.reconcile(flows, connections, run, options.number);
    const whole = this.#streams.wholeExporter(stream);
    const { samplingRate: headerRate } = header;
    const { prescaled } = plan;
    const sampled = applySampling(slots, plan, run, { settings, options, whole, headerRate, prescaled });
    const named = plan.names && nameApplications(slots, plan, run, options, whole);
    if (plan.initialData) namePayloads(flows, run);
    run.columns = reader.columnsWith(sampled, connections !== undefined, named);
    if (plan.binds) stateBindings(flows, run, plan, stream, this.#record!, this.#sink!);
  }

  #watchRestart({ record, header, stream, sink }: Datagram): void {
    const detail = this.#restarts.observe(stream, header.uptime, record.receivedAt);
    if (detail === undefined) return;
    const before = stream.sequence.lastAt;
    const since = before === undefined ? {} : { since: before };
    stream.sequence.reset();
    for (const store of stream.templates.group.members) store.clear();
    this.#streams.renumber(stream);
    sink.fact(gap(originOf(record, stream, header.exportedAt), { kind: 'restart', ...since, detail }));
  }

  /** What is due by the time of this record: loss to state, waiting sets to give up. */
  #elapse(record: StoredRecord): void {
    const now = record.receivedAt;
    if (this.#unstated.size > 0 && Math.abs(now - this.#unstatedSince) >= GAP_INTERVAL_MS) this.#stateGaps(record);
    if (Math.abs(now - this.#expiredAt) < EXPIRY_INTERVAL_MS) return;
    this.#expiredAt = now;
    this.#pending.expire(now, (key, sets, receivedAt) => {
      const stream = this.#streams.byKey(key);
      if (stream === undefined) return;
      stream.giveUp(sets, receivedAt);
      this.#stateLater(stream, record);
    });
  }

  #stateLater(stream: Stream, { receivedAt }: StoredRecord): void {
    if (this.#unstated.size === 0) this.#unstatedSince = receivedAt;
    this.#unstated.add(stream);
  }

  #stateGaps(record: StoredRecord): void {
    for (const stream of this.#unstated) this.#stateGapsOf(stream, record);
    this.#unstated.clear();
  }

  #stateGapsOf(stream: Stream, record: StoredRecord): void {
    const origin = originOf(record, stream, Number.NaN);
    const { port, domain } = stream.id;
    const where = `port ${port}, domain ${domain}`;
    const { missing, gaps, since } = stream.sequence.take();
    if (missing > 0) {
      const detail = `${gaps} gaps, ${where}, numbers count ${stream.sequence.rule}`;
      const { unit } = stream.sequence;
      this.#sink?.fact(gap(origin, { kind: 'sequence', missing: BigInt(missing), unit, since, detail }));
    }
    if (stream.givenUp > 0) {
      const detail = `${stream.givenUp} sets without a template given up, ${where}`;
      const missing = BigInt(stream.givenUp);
      this.#sink?.fact(gap(origin, { kind: 'undecoded', missing, unit: 'sets', since: stream.givenUpSince, detail }));
      stream.givenUp = 0;
    }
  }

  /** A stream is dropped for a newer one: what it had not stated is stated now. */
  #forget(stream: Stream): void {
    if (this.#record !== undefined) {
      stream.giveUp(this.#pending.dropStream(stream.key), stream.sequence.lastAt ?? this.#record.receivedAt);
      this.#stateGapsOf(stream, this.#record);
    }
    this.#unstated.delete(stream);
  }

  #rejectWhole(record: StoredRecord, view: DataView, { reason, offset }: Problem, sink: FactSink): void {
    const { address, settings } = this.#streams.sender(record.origin.peer);
    const version = view.byteLength < 2 ? 0 : view.getUint16(0);
    const origin = { record, device: settings.name ?? address, version, exportedAt: Number.NaN };
    sink.fact(rejected(origin, reason, offset));
  }
}

function readHeader(view: DataView, receivedAt: number): FlowHeader | Problem {
  if (view.byteLength < 2) return { reason: 'flow_short_header', offset: view.byteLength };
  const version = view.getUint16(0);
  switch (version) {
    case 1:
    case 5:
    case 7:
      return readFixedHeader(view, version);
    case 9:
      return readV9Header(view);
    case 10:
      return readIpfixHeader(view);
    case 0:
      return readSflowHeader(view, receivedAt);
    case 8:
      return { reason: 'flow_unsupported_version', offset: 0 };
    default:
      return { reason: 'flow_not_flow_export', offset: 0 };
  }
}

function originOf(record: StoredRecord, stream: Stream, exportedAt: number): FactOrigin {
  return { record, device: stream.device, version: stream.id.version, exportedAt };
}
