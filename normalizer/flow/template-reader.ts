import type { FlowBatch, FlowRun, FlowStream } from '../model/flow-batch';
import { FLOW_COLUMNS, FLOW_TIME_SOURCES, type FlowColumnName } from '../model/flow-columns.data';
import { type ColumnPlan, planColumns } from './column-plan';
import { ExtraCache } from './extra-cache';
import { addExtra, type ExtraValue } from './extra-values';
import type { Clock, Slot } from './field-readers';
import { unsigned } from './field-readers';
import { clearUntranslated, type NatSide, natSides } from './nat';
import { type ConnectionColumns, connectionColumns, STATED_COLUMNS, statedColumn } from './nsel';
import { sharedSlots, type Slots } from './slots';
import { type FieldSpec, templateFields, type Template, VARIABLE_LENGTH } from './template';

const TIME_SOURCE = Object.fromEntries(FLOW_TIME_SOURCES.map((name, i) => [name, i])) as Readonly<
  Record<(typeof FLOW_TIME_SOURCES)[number], number>
>;

/**
 * A template made into loops: for each field one pass over the records of a set, straight into the columns of the
 * batch. Records with variable lengths are read one by one through the same readers.
 */
export class TemplateReader {
  readonly plan: ColumnPlan;
  readonly #fields: readonly FieldSpec[];
  readonly #recordLength: number;
  readonly #variable: boolean;
  /** Where the fields of the current record stand; only for variable lengths. */
  readonly #offsets: Int32Array;
  readonly #lengths: Int32Array;
  readonly #extended: (readonly FlowColumnName[])[] = [];
  #extraCache: ExtraCache | undefined;
  #batch: FlowBatch | undefined;
  #slots: Slots | undefined;
  #targets: readonly Slot[] = [];
  #connections: ConnectionColumns | undefined;
  #nat: readonly NatSide[] = [];

  constructor(template: Template) {
    this.#fields = templateFields(template);
    this.plan = planColumns(this.#fields);
    this.#recordLength = template.recordLength;
    this.#variable = template.variable;
    this.#offsets = new Int32Array(template.variable ? this.#fields.length : 0);
    this.#lengths = new Int32Array(template.variable ? this.#fields.length : 0);
  }

  /** Columns the reader writes, for those who go over the rows after it. */
  slots(batch: FlowBatch): Slots {
    if (this.#batch !== batch || this.#slots === undefined) this.#bind(batch);
    return this.#slots!;
  }

  /** Columns of records of connections whose counters repeat each other; undefined when those of this template are not. */
  connections(batch: FlowBatch): ConnectionColumns | undefined {
    if (this.#batch !== batch) this.#bind(batch);
    return this.#connections;
  }

  /** The columns of a run to which later steps have added some. */
  columnsWith(sampling: boolean, stated: boolean, named: boolean): readonly FlowColumnName[] {
    const key = Number(sampling) + 2 * Number(stated) + 4 * Number(named);
    const known = key === 0 ? this.plan.columns : this.#extended[key];
    if (known !== undefined) return known;
    const added = new Set<FlowColumnName>(sampling ? ['samplingRate', 'samplingSource'] : []);
    if (named) added.add('applicationName');
    if (stated) for (const [counted, told] of STATED_COLUMNS) if (this.plan.targets.has(counted)) added.add(told);
    const names = Object.keys(FLOW_COLUMNS) as FlowColumnName[];
    return (this.#extended[key] = names.filter((name) => added.has(name) || this.plan.columns.includes(name)));
  }

  /** How many whole records stand between `from` and `to`. */
  count(view: DataView, from: number, to: number): number {
    if (!this.#variable) return Math.floor((to - from) / this.#recordLength);
    let count = 0;
    let at = from;
    while (at < to) {
      const next = this.#locate(view, at, to);
      if (next < 0) break;
      at = next;
      count++;
    }
    return count;
  }

  /** One past the last whole record, where padding or a broken record begins. */
  endOf(view: DataView, from: number, to: number, count: number): number {
    if (!this.#variable) return from + count * this.#recordLength;
    let at = from;
    for (let i = 0; i < count; i++) at = this.#locate(view, at, to);
    return at;
  }

  /** Appends `count` records (what `count` said) as a run; the caller fills in where they came from. */
  read(
    batch: FlowBatch,
    stream: FlowStream,
    view: DataView,
    from: number,
    to: number,
    count: number,
    clock: Clock,
  ): FlowRun {
    const slots = this.slots(batch);
    const run = batch.openRun(count, stream, this.plan.columns);
    const { cleared } = this.plan;
    for (let i = 0; i < cleared.length; i++) slots[cleared[i]!].u16.fill(0, run.from, run.to);
    if (this.#variable) this.#readEach(batch, view, from, to, run, clock);
    else this.#readAll(batch, view, from, run, clock);
    this.#placeTimes(slots, run, clock);
    for (let i = 0; i < this.#nat.length; i++) clearUntranslated(this.#nat[i]!, run);
    return run;
  }

  #bind(batch: FlowBatch): void {
    this.#batch = batch;
    const slots = (this.#slots = sharedSlots(batch));
    const { steps, reconcile } = this.plan;
    this.#targets = steps.map(({ target }) => slots[reconcile === undefined ? target : statedColumn(target)]);
    this.#connections = reconcile === undefined ? undefined : connectionColumns(slots, this.plan);
    this.#nat = natSides(slots, this.plan);
  }

  #readAll(batch: FlowBatch, view: DataView, from: number, run: FlowRun, clock: Clock): void {
    const { steps, extras, bootOffset, bootField } = this.plan;
    const stride = this.#recordLength;
    if (bootField >= 0 && run.to > run.from) tellUptime(clock, view, from + bootOffset);
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      step.read(view, from + step.offset, step.length, stride, this.#targets[i]!, run.from, run.to, clock);
    }
    if (extras.length === 0) return;
    batch.extras.leave(run.from, run.to, (this.#extraCache ??= new ExtraCache(extras)), view, from, stride);
  }

  #readEach(batch: FlowBatch, view: DataView, from: number, to: number, run: FlowRun, clock: Clock): void {
    const { steps, extras, bootField } = this.plan;
    let at = from;
    for (let row = run.from; row < run.to; row++) {
      at = this.#locate(view, at, to);
      if (bootField >= 0) tellUptime(clock, view, this.#offsets[bootField]!);
      for (let i = 0; i < steps.length; i++) {
        const { field, read } = steps[i]!;
        read(view, this.#offsets[field]!, this.#lengths[field]!, 0, this.#targets[i]!, row, row + 1, clock);
      }
      if (extras.length === 0) continue;
      let extra: Record<string, ExtraValue> | undefined;
      for (const field of extras) {
        const length = this.#lengths[field.field]!;
        if (length > 0) addExtra((extra ??= {}), field, view, this.#offsets[field.field]!, length);
      }
      if (extra !== undefined) batch.extras.set(row, extra);
    }
  }

  /** Finds the fields of the record at `at`; returns where the next one begins, -1 when this one is not whole. */
  #locate(view: DataView, at: number, to: number): number {
    return locateFields(this.#fields, view, at, to, this.#offsets, this.#lengths);
  }

  #placeTimes(slots: Slots, run: FlowRun, clock: Clock): void {
    const { from, to } = run;
    const start = slots.start.f64;
    const end = slots.end.f64;
    const { start: startForm, end: endForm, targets } = this.plan;
    const unknownUptime = Number.isNaN(clock.uptime);
    const form = startForm ?? endForm ?? 'none';
    const relative = form === 'uptime' && unknownUptime;
    const source = relative ? TIME_SOURCE.export : TIME_SOURCE[form];
    const sources = slots.timeSource.u8;
    for (let row = from; row < to; row++) sources[row] = source;
    if (form === 'none') {
      start.fill(clock.exportedAt, from, to);
      end.fill(clock.exportedAt, from, to);
    } else if (relative) placeAtExport(start, end, startForm, endForm, run, clock.exportedAt);
    else if (startForm === undefined || endForm === undefined) {
      const known = startForm === undefined ? end : start;
      const missing = startForm === undefined ? start : end;
      const sign = startForm === undefined ? -1 : 1;
      const durations = targets.has('duration') ? slots.duration.f64 : undefined;
      for (let row = from; row < to; row++) missing[row] = known[row]! + sign * (durations?.[row] ?? 0);
    }
    if (form === 'uptime' && !relative) replaceIncredible(slots, run, clock.exportedAt);
  }
}

/** Finds each field of a record; returns where the next record begins, -1 when this one does not end before `to`. */
export function locateFields(
  fields: readonly FieldSpec[],
  view: DataView,
  at: number,
  to: number,
  offsets: Int32Array,
  lengths: Int32Array,
): number {
  let p = at;
  for (let i = 0; i < fields.length; i++) {
    let length = fields[i]!.length;
    if (length === VARIABLE_LENGTH) {
      if (p >= to) return -1;
      length = view.getUint8(p++);
      if (length === 255) {
        if (p + 2 > to) return -1;
        length = view.getUint16(p);
        p += 2;
      }
    }
    offsets[i] = p;
    lengths[i] = length;
    p += length;
    if (p > to) return -1;
  }
  return p === at ? -1 : p;
}

/** The IPFIX header tells no uptime; a record that carries the boot time (160) does. */
function tellUptime(clock: Clock, view: DataView, at: number): void {
  clock.uptime = clock.exportedAt - unsigned(view, at, 8);
}

/** Uptime stamps of an exporter whose boot time is unknown: the last packet is put at the export, the duration is exact. */
function placeAtExport(
  start: Float64Array,
  end: Float64Array,
  startForm: string | undefined,
  endForm: string | undefined,
  { from, to }: FlowRun,
  exportedAt: number,
): void {
  const both = startForm === 'uptime' && endForm === 'uptime';
  for (let row = from; row < to; row++) {
    start[row] = exportedAt - (both ? (end[row]! - start[row]!) >>> 0 : 0);
    end[row] = exportedAt;
  }
}

/** No exporter holds a flow longer than its active timeout, a week at most (Cisco Flexible NetFlow). */
const MOST_AGE_MS = 8 * 86_400_000;

/**
 * Uptime stamps that have nothing to do with the header's uptime (FortiOS 5.2 sends a week ahead, which uint32 arithmetic
 * makes 43 days ago): such rows end at the export, with the duration the stamps give.
 */
function replaceIncredible(slots: Slots, { from, to }: FlowRun, exportedAt: number): void {
  const start = slots.start.f64;
  const end = slots.end.f64;
  const oldest = exportedAt - MOST_AGE_MS;
  for (let row = from; row < to; row++) {
    if (start[row]! >= oldest && end[row]! >= oldest) continue;
    const duration = end[row]! - start[row]!;
    start[row] = exportedAt - (duration > 0 && duration <= MOST_AGE_MS ? duration : 0);
    end[row] = exportedAt;
    slots.timeSource.u8[row] = TIME_SOURCE.export;
  }
}
