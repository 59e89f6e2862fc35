import type { StoredRecord } from '../../collectors/contract';
import type { FactSink } from '../contract';
import { addressText } from '../model/address';
import type { Binding } from '../model/facts';
import type { FlowBatch, FlowRun } from '../model/flow-batch';
import type { ColumnPlan } from './column-plan';
import { factBase } from './flow-facts';
import type { Stream } from './streams';

/**
 * natEvent (230) values that begin or end a translation: RFC 8158 section 4.3, whose 1 and 2 are also what Cisco sends. All
 * other values (pool exhausted, quotas, vendors' own) are no binding.
 */
const NAT_BEGINS: ReadonlySet<number> = new Set([1, 4, 6, 8, 10, 14, 16]);
const NAT_ENDS: ReadonlySet<number> = new Set([2, 5, 7, 9, 11, 15, 17]);

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPV6', 132: 'SCTP' };
/** VMware interface kind: access port of a VM. */
const ACCESS_PORT = 2;

/** What some flow records say beside the flow: who holds a translated address, a port block, a port of a virtual switch. */
export function stateBindings(
  batch: FlowBatch,
  run: FlowRun,
  plan: ColumnPlan,
  stream: Stream,
  record: StoredRecord,
  sink: FactSink,
): void {
  const nat = plan.targets.has('natEvent') || plan.portBlock;
  const virtual = plan.vmUuid || (plan.targets.has('inIfKind') && plan.targets.has('srcMac'));
  const context: Context = { batch, plan, stream, record, sink };
  for (let row = run.from; row < run.to; row++) {
    if (nat) stateNat(context, row, run);
    if (virtual) stateVirtual(context, row, run);
  }
}

interface Context {
  readonly batch: FlowBatch;
  readonly plan: ColumnPlan;
  readonly stream: Stream;
  readonly record: StoredRecord;
  readonly sink: FactSink;
}

function stateNat(context: Context, row: number, run: FlowRun): void {
  const { batch, plan } = context;
  const event = plan.targets.has('natEvent') ? batch.columns.natEvent[row]! : 0;
  const state = NAT_BEGINS.has(event) ? 'begin' : NAT_ENDS.has(event) ? 'end' : undefined;
  const extra = { ...(event > 0 && { natEvent: event }), ...number(batch, row, 'natInstanceID') };
  if (plan.portBlock) {
    const block = portBlock(batch, row);
    const inside = address(context, 'src', row);
    const outside = address(context, 'natSrc', row);
    if (block === undefined || inside === undefined || outside === undefined) return;
    // Nokia sends blocks without an event: then it is only known that the block was held.
    const { first, last, ...rest } = block;
    stateBinding(context, row, run, 'nat-block', `${outside}:${first}-${last}`, inside, state ?? 'seen', {
      ...extra,
      ...rest,
    });
    return;
  }
  if (state === undefined) return;
  for (const side of ['src', 'dst'] as const) {
    const translated = side === 'src' ? 'natSrc' : 'natDst';
    const inside = address(context, side, row);
    const outside = address(context, translated, row);
    if (inside === undefined || outside === undefined) continue;
    const insidePort = port(context, side === 'src' ? 'srcPort' : 'dstPort', row);
    const outsidePort = port(context, side === 'src' ? 'natSrcPort' : 'natDstPort', row) || insidePort;
    const sideExtra = { ...extra, 'nat.side': side === 'src' ? 'source' : 'destination' };
    const protocol = plan.targets.has('protocol') ? batch.columns.protocol[row]! : undefined;
    if (outsidePort === 0 && insidePort === 0)
      stateBinding(context, row, run, 'nat', outside, inside, state, sideExtra);
    else {
      const name = protocol === undefined ? '' : `${PROTOCOLS[protocol] ?? protocol}:`;
      const key = name + socket(outside, outsidePort);
      stateBinding(context, row, run, 'nat', key, socket(inside, insidePort), state, sideExtra);
    }
  }
}

/** Ports 361 to 362, or 364 ports from 361 in steps of 363 (RFC 7659, RFC 8158 section 5.6.8). */
function portBlock(
  batch: FlowBatch,
  row: number,
): ({ first: number; last: number } & Record<string, number>) | undefined {
  const { portRangeStart: first } = number(batch, row, 'portRangeStart');
  if (first === undefined) return undefined;
  const { portRangeEnd: end } = number(batch, row, 'portRangeEnd');
  const { portRangeStepSize: step = 1 } = number(batch, row, 'portRangeStepSize');
  const { portRangeNumPorts: count } = number(batch, row, 'portRangeNumPorts');
  const last =
    end !== undefined && end > 0 ? end : count === undefined ? first : first + (count - 1) * Math.max(1, step);
  return { first, last, ...(step > 1 && { step }), ...(count !== undefined && { count }) };
}

/** NSX firewall: the VM of a flow's end; distributed switch: the adapter behind an access port. Stated again at most hourly. */
function stateVirtual(context: Context, row: number, run: FlowRun): void {
  const { batch, plan } = context;
  const { columns } = batch;
  if (plan.targets.has('inIfKind') && plan.targets.has('srcMac') && columns.inIfKind[row] === ACCESS_PORT) {
    const mac = macText(columns.srcMac[row]!);
    if (mac !== undefined) stateOnce(context, row, run, 'dvport-vnic', String(columns.inIf[row]), mac, {});
  }
  const uuid = plan.vmUuid ? uuidText(batch.extras.get(row)?.['vmUuid']) : undefined;
  if (uuid === undefined) return;
  const { vnicIndex } = number(batch, row, 'vnicIndex');
  const { flowDirection } = number(batch, row, 'flowDirection');
  const direction = flowDirection ?? (plan.targets.has('flowDirection') ? columns.flowDirection[row] : undefined);
  const extra = vnicIndex === undefined ? {} : { vnicIndex };
  // 0: to the VM, 1: from it (NSX-T API, IpfixDfwTemplateParameters.flow_direction).
  const side = direction === 1 ? 'src' : direction === 0 ? 'dst' : undefined;
  const ip = side === undefined ? undefined : address(context, side, row);
  if (ip !== undefined) stateOnce(context, row, run, 'ip-vm', ip, uuid, extra);
  const dvPort = direction === 1 ? 'inIf' : 'outIf';
  if (side === undefined || vnicIndex === undefined || !plan.targets.has(dvPort) || columns[dvPort][row] === 0) return;
  stateOnce(context, row, run, 'dvport-vnic', String(columns[dvPort][row]), `${uuid}/${vnicIndex}`, extra);
}

function stateOnce(
  context: Context,
  row: number,
  run: FlowRun,
  relation: Binding['relation'],
  key: string,
  value: string,
  extra: Record<string, number>,
): void {
  const { options } = context.stream;
  if (!options.states(`${relation} ${key}`, value, run.receivedAt)) return;
  stateBinding(context, row, run, relation, key, value, 'seen', extra);
}

function stateBinding(
  { batch, stream, record, sink }: Context,
  row: number,
  run: FlowRun,
  relation: Binding['relation'],
  key: string,
  value: string,
  state: Binding['state'],
  extra: Record<string, string | number>,
): void {
  const origin = { record, device: stream.device, version: stream.id.version, exportedAt: run.exportedAt };
  const base = factBase(origin);
  const fact = { ...base, fact: 'binding' as const, relation, key, value, state, extra };
  sink.fact({ ...fact, observedAt: Math.floor(batch.columns.end[row]!) });
}

function address(
  { batch, plan }: Context,
  column: 'src' | 'dst' | 'natSrc' | 'natDst',
  row: number,
): string | undefined {
  if (!plan.targets.has(column)) return undefined;
  const { bytes, length } = batch.columns[column];
  return length[row] === 0 ? undefined : addressText(bytes, row * 16, length[row]);
}

function port(
  { batch, plan }: Context,
  column: 'srcPort' | 'dstPort' | 'natSrcPort' | 'natDstPort',
  row: number,
): number {
  return plan.targets.has(column) ? batch.columns[column][row]! : 0;
}

/** An extra that is a number, as an object to spread; empty when it is not there. */
function number<N extends string>(batch: FlowBatch, row: number, name: N): { [K in N]?: number } {
  const value = batch.extras.get(row)?.[name];
  return (typeof value === 'number' ? { [name]: value } : {}) as { [K in N]?: number };
}

function socket(ip: string, portNumber: number): string {
  return ip.includes(':') ? `[${ip}]:${portNumber}` : `${ip}:${portNumber}`;
}

function macText(mac: number): string | undefined {
  if (mac === 0) return undefined;
  return mac
    .toString(16)
    .padStart(12, '0')
    .replaceAll(/(..)(?=.)/g, '$1:');
}

/** A UUID in the usual form, from text or from the hex of its 16 bytes. */
function uuidText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const hex = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i.exec(value);
  return hex === null ? value : hex.slice(1).join('-').toLowerCase();
}
