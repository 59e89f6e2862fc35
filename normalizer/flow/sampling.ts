import type { FlowRun } from '../model/flow-batch';
import { SAMPLING_SOURCES } from '../model/flow-columns.data';
import type { DeviceSettings } from '../settings';
import type { ColumnPlan } from './column-plan';
import type { ExporterOptions } from './exporter-options';
import { selectorRate } from './options-data';
import type { Slots } from './slots';

const SOURCE = Object.fromEntries(SAMPLING_SOURCES.map((name, i) => [name, i])) as Readonly<
  Record<(typeof SAMPLING_SOURCES)[number], number>
>;

/** Everything that may say how the flows of a run were sampled. */
export interface SamplingKnowledge {
  readonly settings: DeviceSettings;
  readonly options: ExporterOptions;
  /** Options of the exporter as a whole (domain 0). */
  readonly whole: ExporterOptions | undefined;
  readonly headerRate: number;
  /** VMware VDS: the counters are multiplied already. */
  readonly prescaled: boolean;
}

/**
 * Fills `samplingRate` and `samplingSource`, and returns whether it did. The order: configuration that overrides; the
 * record's own fields; the sampler it names; its interface; the exporter; the header; configuration that fills in. The
 * counters themselves are never touched.
 */
export function applySampling(slots: Slots, plan: ColumnPlan, run: FlowRun, known: SamplingKnowledge): boolean {
  const { settings } = known;
  const configured = settings.samplingRate ?? 0;
  if (settings.samplingOverride === true && configured > 0) return fill(slots, run, configured, SOURCE.config);
  const perRow = plan.samples || known.options.byInterface || known.whole?.byInterface === true;
  const source = commonSource(known, configured);
  const rate = commonRate(known, configured, source);
  if (!perRow) return source === SOURCE.none ? false : fill(slots, run, rate, source);
  fillEach(slots, plan, run, known, rate, source);
  return true;
}

/** Who tells the rate of records that say nothing themselves. */
function commonSource(known: SamplingKnowledge, configured: number): number {
  if (known.prescaled) return SOURCE.prescaled;
  if (optionsRate(known) > 0) return SOURCE.options;
  if (known.headerRate > 0) return SOURCE.header;
  return configured > 0 ? SOURCE.config : SOURCE.none;
}

function commonRate(known: SamplingKnowledge, configured: number, source: number): number {
  if (source === SOURCE.options) return optionsRate(known);
  if (source === SOURCE.header) return known.headerRate;
  return source === SOURCE.config ? configured : 0;
}

function optionsRate({ options, whole }: SamplingKnowledge): number {
  return options.commonRate || (whole?.commonRate ?? 0);
}

/** A loop: `fill` of a typed array costs more than this for a datagram's worth. */
function fill(slots: Slots, { from, to }: FlowRun, rate: number, source: number): true {
  const rates = slots.samplingRate.u32;
  const sources = slots.samplingSource.u8;
  for (let row = from; row < to; row++) {
    rates[row] = rate;
    sources[row] = source;
  }
  return true;
}

function fillEach(
  slots: Slots,
  plan: ColumnPlan,
  { from, to }: FlowRun,
  known: SamplingKnowledge,
  rate: number,
  source: number,
): void {
  const rates = slots.samplingRate.u32;
  const sources = slots.samplingSource.u8;
  for (let row = from; row < to; row++) {
    const own = recordRate(slots, plan, row);
    if (own > 0) {
      rates[row] = own;
      sources[row] = SOURCE.record;
      continue;
    }
    const looked = optionRate(slots, plan, row, known);
    // A record that names a sampler nobody described, or none, is not covered by the exporter's common rate.
    const named = plan.targets.has('sampler');
    rates[row] = looked > 0 ? looked : named && source === SOURCE.options ? 0 : rate;
    sources[row] = looked > 0 ? SOURCE.options : named && source === SOURCE.options ? SOURCE.none : source;
  }
}

/** Rate in the record itself: 34, 50, or the fields of its selector. */
function recordRate(slots: Slots, plan: ColumnPlan, row: number): number {
  const { targets } = plan;
  const stated = targets.has('samplingRate') ? slots.samplingRate.u32[row]! : 0;
  if (stated > 0) return stated;
  const value = (name: 'samplingSize' | 'samplingSpace' | 'samplingPopulation'): number | undefined =>
    targets.has(name) ? slots[name].u32[row] : undefined;
  const size = value('samplingSize') ?? 0;
  return selectorRate(size, value('samplingSpace'), size, value('samplingPopulation') ?? 0);
}

function optionRate(slots: Slots, plan: ColumnPlan, row: number, { options, whole }: SamplingKnowledge): number {
  if (plan.targets.has('sampler')) {
    const id = slots.sampler.u32[row]!;
    const rate = options.samplerRate(id) || (whole?.samplerRate(id) ?? 0);
    if (rate > 0) return rate;
  }
  for (const side of ['inIf', 'outIf'] as const) {
    if (!plan.targets.has(side)) continue;
    const index = slots[side].u32[row]!;
    const rate = options.interfaceRate(index) || (whole?.interfaceRate(index) ?? 0);
    if (rate > 0) return rate;
  }
  return 0;
}
