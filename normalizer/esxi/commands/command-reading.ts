import { maskSecrets } from '../../mask-secrets';
import { canonicalAddress } from '../../model/address';
import type { Binding, Event, Fact, FactBase, Inventory } from '../../model/facts';
import type { SshCommand } from '../../ssh-record';
import { decodeText } from '../../syslog/header/text';
import type { Row } from '../rows/row';
import { rowsOf } from '../rows/rows-of';
import type { EsxiMemory } from '../state/esxi-memory';
import type { HostMemory } from '../state/host-memory';

/** Small values beside a fact; undefined ones are left out. */
export type Extra = Readonly<Record<string, string | number | undefined>>;

/**
 * Bindings that hold for hours are stated again this often: an observation speaks for them much longer (see
 * `attribution/bindings/freshness.data.ts`), and hosts are asked every minute.
 */
const BINDING_RESTATE_MS = 600_000;
/** A command does not take longer; a record that claims it has a damaged time. */
const MOST_AGE_MS = 86_400_000;

/** One command's answer while facts are made of it. */
export class CommandReading {
  readonly read: SshCommand;
  readonly host: HostMemory;
  readonly memory: EsxiMemory;
  /** Its time is when the command was begun: what it says held then. */
  readonly base: FactBase;
  readonly #sink: (fact: Fact) => void;
  readonly #refused = new Map<string, { count: number; first: string }>();
  #complete: boolean;
  #damage: string | undefined;
  rowCount = 0;

  constructor(read: SshCommand, base: FactBase, host: HostMemory, memory: EsxiMemory, sink: (fact: Fact) => void) {
    this.read = read;
    this.host = host;
    this.memory = memory;
    this.#sink = sink;
    this.#complete = read.complete && (read.exit ?? 0) === 0;
    const { startedAt } = read;
    const sane = startedAt !== undefined && startedAt <= base.observedAt && base.observedAt - startedAt < MOST_AGE_MS;
    this.base = sane ? { ...base, observedAt: Math.floor(startedAt) } : base;
  }

  /** When the answer held, our clock, epoch ms. */
  get at(): number {
    return this.base.observedAt;
  }

  get device(): string {
    return this.base.device;
  }

  /** The whole answer was read: what it does not name is not there. */
  get isComplete(): boolean {
    return this.#complete;
  }

  text(): string {
    return decodeText(this.read.body).text;
  }

  /** Rows of an esxcli answer. */
  rows(): readonly Row[] {
    const { rows, damage } = rowsOf(this.text(), this.read.output);
    this.rowCount += rows.length;
    if (damage !== undefined) {
      this.#complete = false;
      this.#damage = `${damage.reason} at ${damage.offset}`;
    }
    return rows;
  }

  /** Says that the answer is not whole, though the command ended well. */
  incomplete(why: string): void {
    this.#complete = false;
    this.#damage ??= why;
  }

  emit(fact: Fact): void {
    this.#sink(fact);
  }

  /** `seen`: the answer says that it holds now. */
  binding(relation: Binding['relation'], key: string, value: string, extra: Extra): void {
    const kept = withExtra(extra);
    const always = relation === 'socket-process';
    const stated = `${relation}\n${key}\n${value}`;
    if (!always && !this.host.states(stated, JSON.stringify(kept), this.at, BINDING_RESTATE_MS)) return;
    this.#sink({ ...this.base, fact: 'binding', relation, key, value, state: 'seen', ...kept });
  }

  /** Stated when it is new, has changed, and hourly. */
  inventory(kind: Inventory['kind'], id: string, name: string | undefined, extra: Extra): void {
    const body = { ...(name === undefined ? undefined : { name }), ...withExtra(extra) };
    if (!this.host.states(`${kind} ${id}`, JSON.stringify(body), this.at)) return;
    this.#sink({ ...this.base, fact: 'inventory', kind, id, ...body });
  }

  event(event: Pick<Event, 'category' | 'action'> & Partial<Event>, extra: Extra): void {
    this.#sink({ ...this.base, fact: 'event', ...event, ...withExtra(extra) });
  }

  /** A row that cannot be read. */
  refuse(reason: string, row: string): void {
    const known = this.#refused.get(reason);
    if (known === undefined) this.#refused.set(reason, { count: 1, first: row });
    else known.count++;
  }

  /**
   * Tells how the things of one kind differ from the answer before, which is how a change is known whose log line is
   * lost. `items`: by id, what of them matters. The first answer is what later ones are compared with.
   */
  changes(kind: string, items: ReadonlyMap<string, string>): void {
    const { host } = this;
    const prefix = `${kind}\n`;
    const isFirst = host.marks.get(kind) === undefined;
    for (const [id, value] of items) {
      const before = host.mark(prefix + id, value.slice(0, MOST_VALUE));
      if (!isFirst && before !== value.slice(0, MOST_VALUE)) this.#changed(kind, id, before, value);
    }
    if (!this.#complete) return;
    host.mark(kind, 'known');
    for (const key of host.marks.keys()) {
      if (!key.startsWith(prefix) || items.has(key.slice(prefix.length))) continue;
      this.#changed(kind, key.slice(prefix.length), host.marks.get(key), undefined);
      host.marks.delete(key);
    }
  }

  /** What could not be read, and whether the whole answer was. */
  finish(): void {
    const { read, base } = this;
    const parameters = Object.values(read.parameters).join(' ').slice(0, 120);
    const about = parameters === '' ? read.command : `${read.command} ${parameters}`;
    for (const [reason, { count, first }] of this.#refused) {
      const detail = `${about}: ${count} rows, first ${first}`.slice(0, 200);
      this.#sink({ ...base, fact: 'rejected', reason, offset: read.bodyAt, detail });
    }
    if (this.#complete) {
      const extra = {
        'ascribe.ssh.command': read.command,
        'ascribe.ssh.parameters': parameters || undefined,
        'ascribe.ssh.rows': this.rowCount,
      };
      this.event({ category: 'host', action: 'table_read', outcome: 'success' }, extra);
      return;
    }
    this.#sink({ ...base, fact: 'gap', kind: 'incomplete_read', detail: `${about}: ${this.#why()}`.slice(0, 200) });
  }

  #changed(kind: string, id: string, before: string | undefined, value: string | undefined): void {
    const change = before === undefined ? 'added' : value === undefined ? 'removed' : 'changed';
    this.event(
      { category: 'configuration', action: 'config_change', outcome: 'success' },
      {
        'ascribe.config.kind': kind,
        'ascribe.config.item': id,
        'ascribe.change': change,
        'ascribe.value.old': before,
        'ascribe.value': value?.slice(0, MOST_VALUE),
      },
    );
  }

  #why(): string {
    const { reason, exit, stderr, signal } = this.read;
    if (this.#damage !== undefined) return this.#damage;
    if (reason !== '') return reason;
    const ended = signal === '' ? `exit ${exit}` : signal;
    const [line = ''] = maskSecrets(stderr).split('\n', 1);
    return line === '' ? ended : `${ended}: ${line}`;
  }
}

/** Characters of a value that are compared and shown. */
const MOST_VALUE = 512;

/** `extra` without its undefined values; nothing when none is left. */
export function withExtra(extra: Extra): { readonly extra?: Readonly<Record<string, string | number>> } {
  const kept: Record<string, string | number> = {};
  let any = false;
  for (const key in extra) {
    const value = extra[key];
    if (value === undefined) continue;
    kept[key] = value;
    any = true;
  }
  return any ? { extra: kept } : {};
}

/** Canonical address without its zone; undefined for none, for `0.0.0.0` and `::`. */
export function addressIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const percent = text.indexOf('%');
  const address = canonicalAddress(percent < 0 ? text : text.slice(0, percent));
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** Addresses that every host has, or that are told apart only by their link. */
export function isLocalOnly(ip: string): boolean {
  if (ip.startsWith('127.') || ip === '::1' || ip.startsWith('169.254.')) return true;
  return ip.startsWith('fe8') || ip.startsWith('fe9') || ip.startsWith('fea') || ip.startsWith('feb');
}
