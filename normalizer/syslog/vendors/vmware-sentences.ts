import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import { EVENT_SLOTS, text, token } from './event-slots';
import { type Reading, bindingOf, newReading, readHost } from './reading';
import { type CompiledRow, type EventRow, type Slots, compileRow } from './rows';
import { skipSpace } from './template';
import { UNIX_AUTH } from './unix-auth.data';
import { ESXI_EVENTS, VM_SENTENCES } from './vmware-esxi.data';
import { macOf } from './value';

/** A sentence of ESXi or vCenter, read. */
export interface ReadSentence {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure' | 'unknown';
  readonly reading: Reading;
  /** What it says of a VM's being on a host. */
  readonly vmOnHost?: readonly {
    readonly vm: string;
    readonly host: string;
    readonly state: 'begin' | 'end' | 'seen';
  }[];
}

const SLOTS: Slots = {
  ...EVENT_SLOTS,
  userAtHost: text((into, value) => readUserAtHost(into, value)),
  vmRest: text((into, value) => void (into.extra['ascribe.vm'] = trimSentence(value))),
  commandToQuote: text(
    (into, value) => void (into.command = maskSecrets(value.endsWith("'") ? value.slice(0, -1) : value)),
  ),
  dstHost: token((into, value) => void (into.extra['ascribe.log_host'] = value)),
};

const SOURCES: readonly EventRow[] = [...ESXI_EVENTS, ...UNIX_AUTH];
const ROWS: readonly CompiledRow<EventRow>[] = SOURCES.map((row) => compileRow(row, SLOTS));

interface Candidate {
  readonly row: EventRow;
  readonly matches: (line: string, at: number, into: Reading) => boolean;
  /** What the sentence begins with; empty where that is not fixed. */
  readonly head: string;
}

const CANDIDATES: readonly Candidate[] = ROWS.flatMap(({ row, matchers }) =>
  matchers.map((matches, i) => ({ row, matches, head: headOf(row.templates[i] ?? '') })),
);
/** By the first character, in the order of the table: most sentences are none of ours, and few begin alike. */
const BY_FIRST = new Map<number, readonly Candidate[]>();
const OPEN_CANDIDATES = CANDIDATES.filter(({ head }) => head === '');
for (const { head } of CANDIDATES) {
  const first = head.charCodeAt(0);
  if (head === '' || BY_FIRST.has(first)) continue;
  BY_FIRST.set(
    first,
    CANDIDATES.filter((other) => other.head === '' || other.head.charCodeAt(0) === first),
  );
}

/** The fixed words in front of a template, up to what may be spaced in several ways. */
function headOf(source: string): string {
  let end = 0;
  while (end < source.length && !'{:,='.includes(source[end] ?? '')) end++;
  return source.slice(0, end).trim();
}

/** Whether a known sentence with a fixed beginning may stand at `at`. Cheap: for logs of which most lines say nothing. */
export function mayBeginSentence(line: string, at: number): boolean {
  const candidates = BY_FIRST.get(line.charCodeAt(at));
  if (candidates === undefined) return false;
  for (const { head } of candidates) if (head !== '' && line.startsWith(head, at)) return true;
  return false;
}

/** Reads a sentence from `at`; undefined for one that is not known. */
export function readSentence(line: string, at: number): ReadSentence | undefined {
  const vm = readVmSentence(line.slice(at).trim());
  if (vm !== undefined) return vm;
  for (const { row, matches } of BY_FIRST.get(line.charCodeAt(skipSpace(line, at))) ?? OPEN_CANDIDATES) {
    const reading = newReading();
    if (!matches(line, at, reading)) continue;
    const { category, outcome } = row;
    return {
      category,
      action: reading.action ?? row.action,
      ...(outcome === undefined ? undefined : { outcome }),
      reading,
    };
  }
  return undefined;
}

/** What a sentence states beside its event: where VMs are (`localhost` is the device that says it), log messages lost. */
export function furtherFacts({ vmOnHost = [], reading }: ReadSentence, base: FactBase): Fact[] {
  const facts: Fact[] = vmOnHost.map(({ vm, host, state }) =>
    bindingOf(base, 'vm-host', vm, host.startsWith('localhost') ? base.device : host, state),
  );
  const lost = reading.extra['ascribe.lost_messages'];
  if (typeof lost === 'number') {
    facts.push({
      ...base,
      fact: 'gap',
      kind: 'device_stated',
      missing: BigInt(lost),
      unit: 'messages',
      detail: 'vmsyslog',
    });
  }
  return facts;
}

function readVmSentence(sentence: string): ReadSentence | undefined {
  return (
    readMigration(sentence) ??
    readMacAddress(sentence) ??
    readRenamed(sentence) ??
    readBiosUuid(sentence) ??
    readPlaced(sentence)
  );
}

/** Names may hold any words: cut from the right, where the data centre and the host stand. */
function readPlaced(sentence: string): ReadSentence | undefined {
  // `… in DC.  Modified: …`: what changed follows the sentence.
  const first = sentence.split('\n', 1)[0] ?? '';
  const stop = first.indexOf('.  ');
  const line = trimSentence(stop < 0 ? first : first.slice(0, stop));
  for (const { head, tail, action, state } of VM_SENTENCES) {
    if (!line.startsWith(head) || !line.endsWith(tail)) continue;
    const middle = line.slice(head.length, line.length - tail.length).trim();
    const place = Math.max(middle.lastIndexOf(' in '), middle.lastIndexOf(' from '));
    const on = middle.lastIndexOf(' on ', place < 0 ? undefined : place);
    if (on <= 0) continue;
    const vm = middle.slice(0, on);
    const named = middle.slice(on + 4, place < 0 ? undefined : place).trim();
    const host = named.startsWith('host ') ? named.slice(5) : named;
    const reading = newReading();
    reading.extra['ascribe.vm'] = vm;
    reading.extra['ascribe.vm_host'] = host;
    if (place >= 0) reading.extra['ascribe.datacenter'] = middle.slice(middle.indexOf(' ', place + 1) + 1);
    return {
      category: 'host',
      action,
      outcome: 'success',
      reading,
      ...(state === undefined ? undefined : { vmOnHost: [{ vm, host, state }] }),
    };
  }
  return undefined;
}

/**
 * `Migration of virtual machine VM from H1, DS1 to H2, DS2 completed`, `DRS migrated VM from H1 to H2 in cluster C in DC`,
 * `Migrating VM off host H1 in DC`.
 */
function readMigration(sentence: string): ReadSentence | undefined {
  const done = ['Migration of virtual machine ', 'DRS migrated ', 'Virtual machine '].find((head) =>
    sentence.startsWith(head),
  );
  if (done === undefined) return undefined;
  const completed = sentence.lastIndexOf(' completed');
  const cluster = sentence.lastIndexOf(' in cluster ');
  const migrated = sentence.includes(' migrated from ');
  if (completed < 0 && !done.startsWith('DRS') && !migrated) return undefined;
  const end = completed >= 0 ? completed : cluster >= 0 ? cluster : sentence.length;
  const middle = sentence.slice(done.length, end);
  const to = middle.lastIndexOf(' to ');
  const from = middle.lastIndexOf(' from ', to);
  if (to < 0 || from <= 0) return undefined;
  const named = middle.slice(0, from);
  const vm = migrated && named.endsWith(' migrated') ? named.slice(0, -9) : named;
  const oldHost = beforeComma(middle.slice(from + 6, to));
  const newHost = beforeComma(middle.slice(to + 4));
  const reading = newReading();
  reading.extra['ascribe.vm'] = vm;
  reading.extra['ascribe.vm_host.old'] = oldHost;
  reading.extra['ascribe.vm_host'] = newHost;
  const vmOnHost =
    oldHost === newHost
      ? [{ vm, host: newHost, state: 'seen' as const }]
      : [
          { vm, host: oldHost, state: 'end' as const },
          { vm, host: newHost, state: 'begin' as const },
        ];
  return { category: 'host', action: 'vm_migrate', outcome: 'success', reading, vmOnHost };
}

/** `New MAC address (00:50:56:…) assigned to adapter A for VM` */
function readMacAddress(sentence: string): ReadSentence | undefined {
  const head = 'New MAC address (';
  const close = sentence.indexOf(') assigned to adapter ');
  const forVm = sentence.indexOf(' for ', close);
  if (!sentence.startsWith(head) || close < 0 || forVm < 0) return undefined;
  const mac = macOf(sentence.slice(head.length, close));
  if (mac === undefined) return undefined;
  const reading = newReading();
  reading.extra['ascribe.mac'] = mac;
  reading.extra['ascribe.adapter'] = sentence.slice(close + 22, forVm);
  reading.extra['ascribe.vm'] = trimSentence(sentence.slice(forVm + 5));
  return { category: 'host', action: 'vm_reconfigure', outcome: 'success', reading };
}

/**
 * `Renamed VM from OLD to NEW in DC`. Names may hold any of these words: of the ways to cut the sentence the first in which
 * the VM bears one of the two names is taken.
 */
function readRenamed(sentence: string): ReadSentence | undefined {
  if (!sentence.startsWith('Renamed ')) return undefined;
  const place = sentence.lastIndexOf(' in ');
  const middle = sentence.slice(8, place < 0 ? undefined : place);
  // Three names of at most 80 characters.
  if (middle.length > 1024) return undefined;
  for (let to = middle.lastIndexOf(' to '); to > 0; to = middle.lastIndexOf(' to ', to - 1)) {
    for (let from = middle.lastIndexOf(' from ', to); from > 0; from = middle.lastIndexOf(' from ', from - 1)) {
      const [vm, old, name] = [middle.slice(0, from), middle.slice(from + 6, to), middle.slice(to + 4)];
      if (old === '' || name === '' || (vm !== old && vm !== name)) continue;
      const reading = newReading();
      reading.extra['ascribe.vm'] = name;
      reading.extra['ascribe.vm.old_name'] = old;
      return { category: 'host', action: 'vm_rename', outcome: 'success', reading };
    }
  }
  return undefined;
}

/** `Assigned new BIOS UUID (564d…) to VM on H in DC` */
function readBiosUuid(sentence: string): ReadSentence | undefined {
  const head = 'Assigned new BIOS UUID (';
  const close = sentence.indexOf(') to ');
  const place = sentence.lastIndexOf(' in ');
  const on = sentence.lastIndexOf(' on ', place < 0 ? undefined : place);
  if (!sentence.startsWith(head) || close < 0 || on < close) return undefined;
  const reading = newReading();
  reading.extra['ascribe.vm.uuid'] = sentence.slice(head.length, close);
  reading.extra['ascribe.vm'] = sentence.slice(close + 5, on);
  reading.extra['ascribe.vm_host'] = sentence.slice(on + 4, place < 0 ? undefined : place).trim();
  return { category: 'host', action: 'vm_reconfigure', outcome: 'success', reading };
}

/** `root@192.0.2.10`, `VSPHERE.LOCAL\Administrator@192.0.2.10`, `a@b.example@192.0.2.10`: the address is behind the last sign. */
function readUserAtHost(into: Reading, value: string): void {
  const at = value.lastIndexOf('@');
  into.body.user = at < 0 ? value : value.slice(0, at);
  if (at >= 0) readHost(into.source, trimSentence(value.slice(at + 1)));
}

function beforeComma(value: string): string {
  const comma = value.indexOf(',');
  return (comma < 0 ? value : value.slice(0, comma)).trim();
}

function trimSentence(value: string): string {
  const trimmed = value.trim();
  return trimmed.endsWith('.') ? trimmed.slice(0, -1) : trimmed;
}
