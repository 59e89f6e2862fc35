import type { StoredRecord } from '../../collectors/contract';
import type { FactSink } from '../contract';
import type { FlowRun } from '../model/flow-batch';
import { type FactOrigin, factBase, rejected } from './flow-facts';
import type { FlowHeader } from './flow-header';
import type { Clock } from './field-readers';
import { checkIpfixLength, IPFIX_OPTIONS_SET, IPFIX_TEMPLATE_SET, readIpfixTemplates } from './ipfix';
import { readV9OptionsTemplates, readV9Templates, V9_OPTIONS_SET, V9_TEMPLATE_SET } from './netflow-v9';
import { OptionsReader } from './options-data';
import type { PendingRecord, PendingSets } from './pending-sets';
import { type Problem, SetList } from './set-list';
import type { Stream, StreamTable } from './streams';
import type { Template } from './template';
import { TemplateReader } from './template-reader';
import type { TemplateSink } from './template-store';

/** Called for every run of flows once its columns are filled. */
export type RunFinisher = (run: FlowRun, reader: TemplateReader, stream: Stream, header: FlowHeader) => void;

/** A datagram on its way through. */
export interface Datagram {
  readonly record: StoredRecord;
  readonly view: DataView;
  readonly header: FlowHeader;
  readonly stream: Stream;
  readonly sink: FactSink;
}

/** The most different reasons a single datagram is rejected for; what follows them is more of the same. */
const MOST_REJECTIONS = 4;

/** Reads the sets of NetFlow v9 and IPFIX datagrams: first all templates, then all data. */
export class SetDecoder {
  readonly #sets = new SetList();
  /** Templates that have a reader, oldest first. */
  readonly #compiled = new Set<Template>();
  readonly #options = new WeakMap<Template, OptionsReader>();
  readonly #clock: Clock = { exportedAt: 0, uptime: Number.NaN };
  readonly #rejections = new Set<string>();

  constructor(
    readonly streams: StreamTable,
    readonly pending: PendingSets,
    readonly finish: RunFinisher,
  ) {}

  /** Reads a datagram; returns the count of its data records, -1 when some could not be counted. */
  decode(datagram: Datagram): number {
    const { view, header } = datagram;
    if (this.#rejections.size > 0) this.#rejections.clear();
    const broken = this.#sets.find(view, header.from, header.to);
    this.#declareTemplates(datagram);
    const records = this.#readData(datagram, undefined);
    const problem = broken ?? (header.version === 10 ? checkIpfixLength(view) : undefined);
    if (problem !== undefined) this.#reject(datagram, problem);
    return broken === undefined ? records : -1;
  }

  /** Reads again the sets that waited. */
  replay(datagram: Datagram, waiting: PendingRecord): void {
    if (this.#rejections.size > 0) this.#rejections.clear();
    this.#sets.find(datagram.view, datagram.header.from, datagram.header.to);
    this.#readData(datagram, waiting);
  }

  #declareTemplates(datagram: Datagram): void {
    const { header, view } = datagram;
    const v9 = header.version === 9;
    const templateSet = v9 ? V9_TEMPLATE_SET : IPFIX_TEMPLATE_SET;
    const optionsSet = v9 ? V9_OPTIONS_SET : IPFIX_OPTIONS_SET;
    const { ids, from, to, count } = this.#sets;
    for (let i = 0; i < count; i++) {
      const id = ids[i]!;
      if (id >= 256 || (id !== templateSet && id !== optionsSet)) continue;
      const sink = this.#templateSink(datagram);
      const options = id === optionsSet;
      const problem = !v9
        ? readIpfixTemplates(view, from[i]!, to[i]!, options, sink)
        : options
          ? readV9OptionsTemplates(view, from[i]!, to[i]!, sink)
          : readV9Templates(view, from[i]!, to[i]!, sink);
      if (problem !== undefined) this.#reject(datagram, problem);
    }
  }

  #templateSink({ stream, record }: Datagram): TemplateSink {
    const { templates } = stream;
    return {
      declare: (view, at, shape, head) => {
        this.streams.makeRoom();
        const declared = templates.declare(view, at, shape, head, record.receivedAt);
        if (typeof declared === 'string') return declared;
        if (declared !== undefined) this.#announce(stream, head.id);
        return undefined;
      },
      withdraw: (id, options) => templates.withdraw(id, options),
      withdrawAll: (options) => templates.withdrawAll(options),
    };
  }

  /** Tells those that wait for a template: this stream, and its siblings that would borrow it. */
  #announce(stream: Stream, id: number): void {
    for (const { streamKey } of stream.templates.group.members) this.pending.arrived(streamKey, id);
  }

  #readData(datagram: Datagram, waiting: PendingRecord | undefined): number {
    const { record, stream } = datagram;
    const { ids, from, to, count } = this.#sets;
    const settled = waiting === undefined ? undefined : new Set<number>();
    let ordinal = waiting?.nextOrdinal ?? 0;
    let records = 0;
    let counted = true;
    for (let i = 0; i < count; i++) {
      const id = ids[i]!;
      if (id < 256 || to[i] === from[i]) continue;
      if (waiting !== undefined && !waiting.sets.some(({ index }) => index === i)) continue;
      const own = stream.templates.own(id, record.receivedAt);
      const template = own ?? stream.templates.borrowed(id, record.receivedAt);
      if (template === undefined) {
        counted = false;
        if (waiting === undefined) this.#leave(datagram, i, id);
        continue;
      }
      settled?.add(i);
      const read = this.#readSet(datagram, template, own === undefined, from[i]!, to[i]!, ordinal);
      if (read < 0) counted = false;
      else records += read;
      if (read > 0 && !template.options) ordinal += read;
    }
    this.#rememberOrdinal(record.seq, ordinal);
    if (waiting !== undefined && settled !== undefined) this.pending.settle(waiting, settled);
    return counted ? records : -1;
  }

  #rememberOrdinal(seq: number, ordinal: number): void {
    const waiting = this.pending.count === 0 ? undefined : this.pending.of(seq);
    if (waiting !== undefined) waiting.nextOrdinal = ordinal;
  }

  /** Keeps a set whose template is not known for later. */
  #leave({ record, stream }: Datagram, index: number, id: number): void {
    if (!this.pending.add(record.seq, stream.key, record.receivedAt, index, id)) stream.giveUp(1, record.receivedAt);
  }

  /** Reads one data set; returns how many records it had, -1 when that cannot be known. */
  #readSet(
    datagram: Datagram,
    template: Template,
    borrowed: boolean,
    from: number,
    to: number,
    ordinal: number,
  ): number {
    if (template.refused !== undefined) {
      this.#reject(datagram, { reason: template.refused, offset: from });
      return -1;
    }
    const { view } = datagram;
    if (template.options) return this.#readOptions(datagram, template, from, to);
    const reader = template.reader ?? this.#compile(template);
    const count = reader.count(view, from, to);
    if (count > 0) this.#readRun(datagram, template, reader, borrowed, from, to, count, ordinal);
    this.#checkRest(datagram, template, reader.endOf(view, from, to, count), to, count);
    return count;
  }

  #compile(template: Template): TemplateReader {
    if (this.#compiled.size >= this.streams.limits.compiled) {
      const [oldest] = this.#compiled;
      if (oldest !== undefined) {
        oldest.reader = undefined;
        this.#compiled.delete(oldest);
      }
    }
    this.#compiled.add(template);
    return (template.reader = new TemplateReader(template));
  }

  #readRun(
    datagram: Datagram,
    template: Template,
    reader: TemplateReader,
    borrowed: boolean,
    from: number,
    to: number,
    count: number,
    ordinal: number,
  ): void {
    const { view, record, header, stream, sink } = datagram;
    const clock = this.#clock;
    clock.exportedAt = header.exportedAt;
    clock.uptime = header.version === 10 ? this.#uptime(stream, header.exportedAt) : header.uptime;
    const run = reader.read(sink.flows, stream.id, view, from, to, count, clock);
    run.rawSeq = record.seq;
    run.firstOrdinal = ordinal;
    run.receivedAt = record.receivedAt;
    run.exportedAt = header.exportedAt;
    run.templateId = template.id;
    run.fallbackTemplate = borrowed;
    this.finish(run, reader, stream, header);
  }

  /** The uptime an IPFIX exporter has told through its boot time; NaN when it has not. */
  #uptime(stream: Stream, exportedAt: number): number {
    const boot = stream.options.bootTime ?? this.streams.wholeExporter(stream)?.bootTime;
    return boot === undefined ? Number.NaN : exportedAt - boot;
  }

  #readOptions(datagram: Datagram, template: Template, from: number, to: number): number {
    const { view, record, header, stream, sink } = datagram;
    let reader = this.#options.get(template);
    if (reader === undefined) this.#options.set(template, (reader = new OptionsReader(template)));
    const origin = this.#origin(datagram);
    const { count, end } = reader.read(view, from, to, stream.options, (fact) => {
      const content = JSON.stringify([fact.name, fact.extra]);
      if (!stream.options.states(`${fact.kind} ${fact.id}`, content, record.receivedAt)) return;
      sink.fact({ ...factBase({ ...origin, exportedAt: header.exportedAt }), fact: 'inventory', ...fact });
    });
    this.#checkRest(datagram, template, end, to, count);
    return count;
  }

  /** What is left behind the last record is padding when no record would fit; otherwise a record is broken. */
  #checkRest(datagram: Datagram, template: Template, at: number, to: number, count: number): void {
    const left = to - at;
    if (left === 0 || (left < template.recordLength && (count > 0 || left < 4))) return;
    if (left >= template.recordLength && allZero(datagram.view, at, to)) return;
    this.#reject(datagram, { reason: 'flow_truncated_record', offset: at });
  }

  #origin({ record, stream, header }: Datagram): FactOrigin {
    return { record, device: stream.device, version: header.version, exportedAt: header.exportedAt };
  }

  #reject(datagram: Datagram, { reason, offset }: Problem): void {
    if (this.#rejections.has(reason) || this.#rejections.size >= MOST_REJECTIONS) return;
    this.#rejections.add(reason);
    datagram.sink.fact(rejected(this.#origin(datagram), reason, offset));
  }
}

function allZero(view: DataView, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (view.getUint8(i) !== 0) return false;
  return true;
}
