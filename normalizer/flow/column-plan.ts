import { FLOW_COLUMNS, type FlowColumnName } from '../model/flow-columns.data';
import { elementOf, type ElementInfo } from './element-registry';
import {
  BOOT_TIME_ELEMENT,
  FIELD_COLUMNS,
  type FieldForm,
  IP_VERSION_ELEMENT,
  INITIAL_DATA,
  PADDING_ELEMENT,
  type TargetName,
  VMWARE_ENTERPRISE,
} from './field-columns.data';
import * as read from './field-readers';
import { type FieldSpec, VARIABLE_LENGTH } from './template';

/** One field on its way into one column. */
export interface Step {
  readonly field: number;
  readonly offset: number;
  readonly length: number;
  readonly target: TargetName;
  readonly read: read.Reader;
}

/** A field without a column. */
export interface ExtraField extends ElementInfo {
  readonly field: number;
  readonly offset: number;
  readonly length: number;
  readonly enterprise: number;
  readonly element: number;
  /** Stands more than once in the template: its values become a list. */
  readonly repeated: boolean;
}

/** Which fields make `start` and `end`. */
export type TimeForm = 'absolute' | 'uptime' | 'export' | 'event';

/** What to do with the records of one template, decided once. */
export interface ColumnPlan {
  readonly columns: readonly FlowColumnName[];
  readonly steps: readonly Step[];
  /** Targets that several fields share: zero before they are read. */
  readonly cleared: readonly TargetName[];
  readonly extras: readonly ExtraField[];
  readonly start: TimeForm | undefined;
  readonly end: TimeForm | undefined;
  /** Field that tells the boot time (160), or -1, and its offset in a fixed-length record. */
  readonly bootField: number;
  readonly bootOffset: number;
  readonly targets: ReadonlySet<TargetName>;
  /** Whether records tell of an application, a sampler or a rate, or state bindings: asked once for each set. */
  readonly names: boolean;
  readonly samples: boolean;
  readonly binds: boolean;
  /** A record of a VMware distributed switch, whose counters are multiplied already (not of the NSX firewall, which counts all). */
  readonly prescaled: boolean;
  /** Whether records name a VM (VMware 951), or a block of ports (361). */
  readonly vmUuid: boolean;
  readonly portBlock: boolean;
  /** Whether records hold the first bytes of the flow (Cisco ETA). */
  readonly initialData: boolean;
  /** Records of a firewall's connections, whose counters repeat each other, see `nsel.ts`. */
  readonly reconcile: 'nsel' | 'totals' | undefined;
}

interface Candidate {
  readonly field: number;
  /** Bytes, where they are not those of the field. */
  readonly length?: number;
  readonly target: TargetName;
  readonly form: FieldForm;
  readonly rank: number;
}

type Use = (typeof FIELD_COLUMNS)[number];

const USES = new Map<number, Use[]>();
for (const use of FIELD_COLUMNS) {
  const key = elementKey(use[0], use[1]);
  USES.set(key, [...(USES.get(key) ?? []), use]);
}
const TIME_TARGETS: ReadonlySet<TargetName> = new Set<TargetName>(['start', 'end', 'duration']);
const SAMPLING_TARGETS: readonly TargetName[] = ['samplingRate', 'samplingPopulation', 'samplingSpace', 'sampler'];
const SHARED_FORMS: ReadonlySet<FieldForm> = new Set<FieldForm>(['merged', 'icmpType', 'icmpCode']);

function elementKey(enterprise: number, element: number): number {
  return enterprise * 0x1_0000 + element;
}

/** Decides for every field of a template of flows where it goes. */
export function planColumns(fields: readonly FieldSpec[]): ColumnPlan {
  const repeated = repeatedElements(fields);
  const candidates = fields.flatMap((spec, field) => candidatesOf(spec, field, repeated));
  const best = new Map<TargetName, number>();
  for (const { target, rank } of candidates) best.set(target, Math.min(best.get(target) ?? rank, rank));
  const chosen = candidates.filter(({ target, rank }) => best.get(target) === rank);
  const offsets = fieldOffsets(fields);
  const joined = joinIcmp(chosen, fields).sort(byFormOrder);
  const steps = joined.map((candidate) => stepOf(candidate, chosen, fields, offsets));
  const extras = extraFields(fields, offsets, repeated, candidates, chosen);
  const initialData = extras.some(({ name }) => name === INITIAL_DATA);
  const targets = new Set(chosen.map(({ target }) => target));
  const times = new Map(chosen.map(({ target, form, rank }) => [target, timeForm(form, rank)]));
  const vmUuid = fields.some(({ enterprise, element }) => enterprise === VMWARE_ENTERPRISE && element === 951);
  const portBlock = fields.some(({ enterprise, element }) => enterprise === 0 && element === 361);
  const bootField = fields.findIndex(
    ({ enterprise, element, length }) => enterprise === 0 && element === BOOT_TIME_ELEMENT && length === 8,
  );
  return {
    columns: planned(targets, initialData),
    steps,
    cleared: [...new Set(joined.filter(({ form }) => SHARED_FORMS.has(form)).map(({ target }) => target))],
    extras,
    start: times.get('start'),
    end: times.get('end'),
    bootField,
    bootOffset: offsets[bootField] ?? -1,
    targets,
    names: targets.has('application'),
    samples: SAMPLING_TARGETS.some((target) => targets.has(target)),
    binds: vmUuid || portBlock || targets.has('natEvent') || (targets.has('inIfKind') && targets.has('srcMac')),
    prescaled: isDistributedSwitch(fields),
    vmUuid,
    portBlock,
    initialData,
    reconcile: reconciliation(targets, fields, chosen),
  };
}

/**
 * 231/232 of a firewall event count since the last update, and all again in the teardown; 85 counts all every time. 1 counts
 * since the last record and needs no memory.
 */
function reconciliation(
  targets: ReadonlySet<TargetName>,
  fields: readonly FieldSpec[],
  chosen: readonly Candidate[],
): ColumnPlan['reconcile'] {
  if (!targets.has('firewallEvent') || !targets.has('connectionId')) return undefined;
  const counters = chosen.filter(({ target }) => target === 'bytes' || target === 'replyBytes');
  const elements = new Set(counters.map(({ field }) => fields[field]!.element));
  if (elements.has(231) || elements.has(232)) return 'nsel';
  return elements.has(85) ? 'totals' : undefined;
}

/** VMware elements 880-890 without those of the firewall (950 and on). */
function isDistributedSwitch(fields: readonly FieldSpec[]): boolean {
  const own = fields.filter(({ enterprise }) => enterprise === VMWARE_ENTERPRISE);
  return own.length > 0 && own.every(({ element }) => element < 950);
}

/** The batch columns of a run: those read, and the times, which every flow has. */
function planned(targets: ReadonlySet<TargetName>, initialData: boolean): FlowColumnName[] {
  const always = new Set<string>(['start', 'end', 'timeSource', ...(initialData ? ['payloadProtocol'] : [])]);
  const names = Object.keys(FLOW_COLUMNS) as FlowColumnName[];
  return names.filter((name) => targets.has(name) || always.has(name));
}

function repeatedElements(fields: readonly FieldSpec[]): Set<number> {
  const seen = new Set<number>();
  const repeated = new Set<number>();
  for (const { enterprise, element } of fields) {
    const key = elementKey(enterprise, element);
    (seen.has(key) ? repeated : seen).add(key);
  }
  return repeated;
}

/** A repeated element has no column: which of its values would it hold? */
function candidatesOf(spec: FieldSpec, field: number, repeated: ReadonlySet<number>): Candidate[] {
  const key = elementKey(spec.enterprise, spec.element);
  if (spec.length === 0 || repeated.has(key)) return [];
  return (USES.get(key) ?? [])
    .filter((use) => fits(use[3], spec.length))
    .map(([, , target, form, rank]) => ({ field, target, form, rank }));
}

/** Whether a field of this length can be of this form at all; if not it is kept as an extra. */
function fits(form: FieldForm, length: number): boolean {
  if (length === VARIABLE_LENGTH) return true;
  switch (form) {
    case 'ipv4':
      return length === 4;
    case 'ipv6':
      return length === 16;
    case 'address':
      return length === 4 || length === 16;
    case 'mac':
      return length === 6;
    case 'ntp':
      return length === 8;
    case 'text':
      return true;
    case 'unsigned':
    case 'application':
    case 'merged':
    case 'icmpType':
    case 'icmpCode':
    case 'seconds':
    case 'milliseconds':
    case 'microseconds':
    case 'uptime':
    case 'delta':
      return length <= 16;
  }
}

/** An ICMP type of one byte with its code behind it is one number of two, as everybody sends them. */
function joinIcmp(chosen: readonly Candidate[], fields: readonly FieldSpec[]): Candidate[] {
  const [type, code, more] = chosen.filter(({ target }) => target === 'icmp');
  if (type?.form !== 'icmpType' || code?.form !== 'icmpCode' || more !== undefined) return [...chosen];
  const adjacent =
    code.field === type.field + 1 && fields[type.field]?.length === 1 && fields[code.field]?.length === 1;
  if (!adjacent) return [...chosen];
  return chosen.flatMap((candidate) =>
    candidate === type ? { ...type, form: 'unsigned' as const, length: 2 } : candidate === code ? [] : candidate,
  );
}

/** IPv4 before the IPv6 field of the same column, which then only fills what IPv4 left empty. */
function byFormOrder(a: Candidate, b: Candidate): number {
  return Number(a.form === 'ipv6') - Number(b.form === 'ipv6');
}

function stepOf(
  { field, target, form, length: bytes }: Candidate,
  chosen: readonly Candidate[],
  fields: readonly FieldSpec[],
  offsets: readonly number[],
): Step {
  const length = bytes ?? fields[field]?.length ?? 0;
  const besideIPv4 = form === 'ipv6' && chosen.some((other) => other.target === target && other.form === 'ipv4');
  const reader = besideIPv4 ? read.ipv6BesideIPv4 : readerOf(form, target, length);
  return { field, offset: offsets[field] ?? -1, length, target, read: reader };
}

function readerOf(form: FieldForm, target: TargetName, length: number): read.Reader {
  switch (form) {
    case 'unsigned':
      return read.unsignedReader(unsignedKind(target), length === VARIABLE_LENGTH ? undefined : length);
    case 'application':
      return length === 4 ? read.unsignedReader('u32', 4) : read.application;
    case 'ipv4':
      return target === 'nextHop' || target === 'bgpNextHop' ? read.ipv4OrNone : read.ipv4;
    case 'ipv6':
      return read.ipv6;
    case 'address':
      return read.anyAddress;
    case 'mac':
      return read.mac;
    case 'text':
      return read.text;
    case 'merged':
      return read.u16Merged;
    case 'icmpType':
      return read.icmpType;
    case 'icmpCode':
      return read.icmpCode;
    case 'seconds':
      return read.seconds;
    case 'milliseconds':
      return read.milliseconds;
    case 'microseconds':
      return read.microseconds;
    case 'ntp':
      return read.ntp;
    case 'uptime':
      return read.uptime;
    case 'delta':
      return read.deltaMicroseconds;
  }
}

function unsignedKind(target: TargetName): 'u8' | 'u16' | 'u32' | 'u64' {
  const kind = target in FLOW_COLUMNS ? FLOW_COLUMNS[target as FlowColumnName].kind : 'u32';
  return kind === 'u8' || kind === 'u16' || kind === 'u64' ? kind : 'u32';
}

/** Offsets in a fixed-length record; meaningless behind a variable-length field, where the row-wise reader is used. */
function fieldOffsets(fields: readonly FieldSpec[]): number[] {
  let at = 0;
  return fields.map(({ length }) => {
    const offset = at;
    at += length;
    return offset;
  });
}

function timeForm(form: FieldForm, rank: number): TimeForm {
  if (form === 'uptime') return 'uptime';
  if (form === 'delta') return 'export';
  return rank > 5 ? 'event' : 'absolute';
}

function extraFields(
  fields: readonly FieldSpec[],
  offsets: readonly number[],
  repeated: ReadonlySet<number>,
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
): ExtraField[] {
  const used = new Set(chosen.map(({ field }) => field));
  // A second, coarser account of the same moment adds nothing.
  for (const { field, target } of candidates) if (TIME_TARGETS.has(target)) used.add(field);
  const addressed = chosen.some(({ target }) => target === 'src' || target === 'dst');
  return fields.flatMap(({ enterprise, element, length }, field) => {
    if (used.has(field) || length === 0) return [];
    if (enterprise === 0 && element === PADDING_ELEMENT) return [];
    if (enterprise === 0 && element === IP_VERSION_ELEMENT && addressed) return [];
    const key = elementKey(enterprise, element);
    return [
      {
        ...elementOf(enterprise, element),
        enterprise,
        element,
        field,
        offset: offsets[field] ?? -1,
        length,
        repeated: repeated.has(key),
      },
    ];
  });
}
