import type { Inventory } from '../model/facts';
import { elementOf } from './element-registry';
import type { ExporterOptions } from './exporter-options';
import { extraValue } from './extra-values';
import { applicationId, unsigned } from './field-readers';
import { locateFields } from './template-reader';
import { type FieldSpec, templateFields, type Template, V9_SCOPE_SPACE } from './template';

/** An option row as a fact, without what every fact carries. */
export type OptionFact = Pick<Inventory, 'kind' | 'id' | 'name' | 'extra'>;

/** v9 scope types (RFC 3954 section 6.1), by name. */
const SCOPE_NAMES: Readonly<Record<number, string>> = {
  1: 'scopeSystem',
  2: 'scopeInterface',
  3: 'scopeLineCard',
  4: 'scopeCache',
  5: 'scopeTemplate',
};
const SCOPE_INTERFACE = 2;

/** Finds option records, whatever their template is. */
export class OptionsReader {
  readonly #fields: readonly FieldSpec[];
  readonly #scopeCount: number;
  readonly #templateId: number;
  readonly #offsets: Int32Array;
  readonly #lengths: Int32Array;

  constructor(template: Template) {
    this.#fields = templateFields(template);
    this.#scopeCount = template.scopeCount;
    this.#templateId = template.id;
    this.#offsets = new Int32Array(this.#fields.length);
    this.#lengths = new Int32Array(this.#fields.length);
  }

  /**
   * Reads the records between `from` and `to` into the exporter's state; `state` is told of those that are facts.
   * Returns how many there were.
   */
  read(
    view: DataView,
    from: number,
    to: number,
    options: ExporterOptions,
    state: (fact: OptionFact) => void,
  ): { count: number; end: number } {
    let at = from;
    let count = 0;
    while (at < to) {
      const next = locateFields(this.#fields, view, at, to, this.#offsets, this.#lengths);
      if (next < 0) break;
      const row = new OptionRow(view, this.#fields, this.#scopeCount, this.#offsets, this.#lengths);
      learnSampling(row, options);
      learnName(row, options);
      const boot = row.number(160);
      if (boot !== undefined && boot > 0) options.bootTime = boot;
      state(row.fact(this.#templateId));
      at = next;
      count++;
    }
    return { count, end: at };
  }
}

/** One option record while it is read. */
class OptionRow {
  constructor(
    readonly view: DataView,
    readonly fields: readonly FieldSpec[],
    readonly scopeCount: number,
    readonly offsets: Int32Array,
    readonly lengths: Int32Array,
  ) {}

  /** Value of an IANA element, scope or not; undefined when it is not there. */
  number(element: number): number | undefined {
    const i = this.fields.findIndex((field) => field.enterprise === 0 && field.element === element);
    return this.#unsignedAt(i);
  }

  text(element: number): string | undefined {
    const i = this.fields.findIndex((field) => field.enterprise === 0 && field.element === element);
    if (i < 0) return undefined;
    const value = extraValue(this.view, this.offsets[i]!, this.lengths[i]!, 'string');
    return value === '' ? undefined : String(value);
  }

  /** ifIndex this row is about, if it is about an interface. */
  get interface(): number | undefined {
    for (let i = 0; i < this.scopeCount; i++) {
      const { enterprise, element } = this.fields[i]!;
      if (
        enterprise === V9_SCOPE_SPACE
          ? element === SCOPE_INTERFACE
          : enterprise === 0 && (element === 10 || element === 14)
      ) {
        return this.#unsignedAt(i);
      }
    }
    return undefined;
  }

  get application(): number | undefined {
    const i = this.fields.findIndex((field) => field.enterprise === 0 && field.element === 95);
    return i < 0 ? undefined : applicationId(this.view, this.offsets[i]!, this.lengths[i]!);
  }

  fact(templateId: number): OptionFact {
    const { kind, id, name } = this.#identity(templateId);
    return { kind, id, ...(name !== undefined && { name }), extra: this.#all() };
  }

  #identity(templateId: number): { kind: Inventory['kind']; id: string; name: string | undefined } {
    const { application, interface: scope } = this;
    if (application !== undefined) return { kind: 'application', id: String(application), name: this.text(96) };
    const ifName = this.text(82);
    const ifIndex = scope ?? (ifName === undefined ? undefined : (this.number(10) ?? this.number(14)));
    if (ifIndex !== undefined) return { kind: 'interface', id: String(ifIndex), name: ifName };
    const vrf = this.number(234) ?? this.number(235);
    if (vrf !== undefined) return { kind: 'vrf', id: String(vrf), name: this.text(236) };
    const sampler = this.number(48) ?? this.number(302);
    if (sampler !== undefined) return { kind: 'sampler', id: String(sampler), name: this.text(84) ?? this.text(335) };
    const scopes = Object.entries(this.#values(0, this.scopeCount)).map(([key, value]) => `${key}=${String(value)}`);
    return { kind: 'device', id: [`options ${templateId}`, ...scopes].join(' '), name: undefined };
  }

  #all(): Record<string, string | number> {
    return this.#values(0, this.fields.length);
  }

  #values(from: number, to: number): Record<string, string | number> {
    const values: Record<string, string | number> = {};
    for (let i = from; i < to; i++) {
      const { enterprise, element } = this.fields[i]!;
      const length = this.lengths[i]!;
      if (length === 0 || (enterprise === 0 && element === 210)) continue;
      if (enterprise === V9_SCOPE_SPACE) {
        values[SCOPE_NAMES[element] ?? `scope${element}`] = unsigned(this.view, this.offsets[i]!, length);
        continue;
      }
      const { name, type } = elementOf(enterprise, element);
      const value = extraValue(this.view, this.offsets[i]!, length, type);
      const single = typeof value === 'object' ? value.join(',') : value;
      values[name] = name in values ? `${values[name]},${single}` : single;
    }
    return values;
  }

  #unsignedAt(i: number): number | undefined {
    const length = this.lengths[i] ?? 0;
    return length > 0 && length <= 8 ? unsigned(this.view, this.offsets[i]!, length) : undefined;
  }
}

/** Takes the sampling rate that a row states to where it belongs: a sampler, an interface, or the exporter. */
function learnSampling(row: OptionRow, options: ExporterOptions): void {
  const rate = statedRate(row);
  if (rate === 0) return;
  const sampler = row.number(48) ?? row.number(302);
  const { interface: index } = row;
  if (sampler !== undefined) options.setSampler(sampler, rate);
  else if (index !== undefined) options.setInterface(index, rate);
  else options.systemRate = rate;
}

function learnName(row: OptionRow, options: ExporterOptions): void {
  const { application } = row;
  const name = application === undefined ? undefined : row.text(96);
  if (application !== undefined && name !== undefined) options.setApplication(application, name);
}

function statedRate(row: OptionRow): number {
  const rate = selectorRate(row.number(305) ?? 0, row.number(306), row.number(309) ?? 0, row.number(310) ?? 0);
  if (rate > 0) return rate;
  // 34 is the interval of the whole exporter, 50 that of a sampler.
  return row.number(50) ?? row.number(34) ?? 0;
}

/**
 * Rate of a PSAMP selector (RFC 5477): population / size for n-out-of-N (310, 309; IOS-XR sends 305 = 1 beside them, or
 * instead of the size), else (interval + space) / interval for systematic count-based sampling (305, 306). 305 alone says
 * nothing about a rate. 0: not told.
 */
export function selectorRate(interval: number, space: number | undefined, size: number, population: number): number {
  if (population > 0) return Math.max(1, Math.round(population / (size || interval || 1)));
  if (interval > 0 && space !== undefined) return Math.max(1, Math.round((interval + space) / interval));
  return 0;
}
