import type { Leg } from '../../store/analysis/evidence-record';
import type { ReopenRow } from '../../store/analysis/verdict-store';
import type { EvidenceReader } from '../../store/queries/evidence';
import { hexOf, readPlace } from '../../store/queries/places';
import { readBlindKey } from '../blind/blind-key';
import { BEGINNING_MS, EXPORTED_LATE_MS, LOGGED_LATE_MS } from './blindness';
import { mayBeOuter } from './edge-address';
import { HABIT_MS } from './host-service';
import { readAccountKey } from './reopen';
import { CLOSED_LATE_MS, readRequestKey, requestReopened } from './requests';
import { RIVAL_MS } from './proxy-clients';
import type { StoredEvidence } from './stored-evidence';

/** How far around a change sessions are looked at again, ms: clocks scatter. */
const AROUND_MS = 20_000;

/** Sessions that may be one communication begin within this time, ms: both clocks' scatter, and the tolerance. */
const INFERRED_MS = 8_000;

/** Sessions that began so much earlier may still go on, ms. */
const WENT_ON_MS = 3_600_000;

const TCP = 6;
const UDP = 17;

const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/u;

/** Habits remembered: which stretch of time each covers already. */
const MOST_HABITS = 50_000;

/**
 * Which sessions a change of evidence touches. Machines are reached over the addresses that lead to them: a changed
 * adapter, name or host touches the sessions of the addresses that were bound to it then.
 */
export class Reopened {
  readonly #reader: EvidenceReader;
  readonly #evidence: StoredEvidence;
  /** Hosts that are known to run machines. */
  readonly #hypervisors = new Set<string>();
  readonly #habits = new Map<string, { from: number; to: number }>();

  constructor(reader: EvidenceReader, evidence: StoredEvidence) {
    this.#reader = reader;
    this.#evidence = evidence;
  }

  /** Numbers of the sessions that a change of a key's evidence touches. */
  byEvidence({ relation, key, from, to }: ReopenRow): Iterable<number> {
    switch (relation) {
      case 'account':
      case 'account_out':
        return this.#byAccount(key, from, to);
      case 'request':
        return this.#byRequest(readRequestKey(key).called, from, to);
      case 'ip-name':
        return this.#byName(key, from, to);
      case 'nat':
        return this.#byPlace(key.slice(key.search(/[\d[]/u)), key, from, to);
      case 'nat-block':
        return this.#byBlock(key, from, to);
      case 'ip-mac':
      case 'ip-dhcp':
      case 'ip-vm':
      case 'ip-user':
      case 'ip-device':
        return this.#byAddress(key, from, to);
      case 'mac-vnic':
        return this.#byMac(key, from, to);
      case 'vnic-vm':
        return this.#byAdapter(key, from, to);
      case 'vm-host':
        return this.#byMachine(key, from, to);
      case 'socket-process':
        return this.#bySocket(key, from, to);
      case 'config-endpoint':
        return this.#byConfiguration(key, from, to);
      case 'dvport-vnic':
        return this.#byPort(key, from, to);
      case 'rule-config':
        return this.#reader.numbersByRule(key, from, to);
      case 'blind':
        return this.#byBlindSpot(key, from, to);
      case 'clock':
        return this.#reader.numbersBetween(from, to);
      default:
        return [];
    }
  }

  /** Numbers of other sessions whose verdicts depend on this one: the same communication seen on another side of a translation. */
  bySession(leg: Leg): number[] {
    const [from, to] = [leg.start - AROUND_MS, leg.end + AROUND_MS];
    const found: number[] = leg.protocol === TCP ? this.#byProxy(leg) : [];
    // The same endpoint to another destination: one may be what the other was translated to.
    if (leg.srcPort !== null && !this.#evidence.isTranslated(leg.src)) {
      found.push(...this.#reader.numbersFrom(leg.src, leg.srcPort, from, to));
    }
    if (leg.natSrc !== null) {
      // Datagrams of one holder of a port and of the next are one session outside, which began with the first.
      const since = leg.protocol === UDP ? from - WENT_ON_MS : from;
      found.push(...this.#reader.numbersFrom(leg.natSrc, leg.natSrcPort ?? leg.srcPort ?? undefined, since, to));
    }
    if (this.#evidence.isHome(leg.src)) found.push(...this.#reader.numbersBehind(leg.src, leg.srcPort, from, to));
    if (leg.networkDirection === 'transit' || leg.networkDirection === 'outbound') {
      const start = leg.start - (this.#evidence.flowClock(leg.exporter, leg.start)?.offset ?? 0);
      for (const offset of this.#evidence.flowOffsets(start)) {
        const at = start + offset;
        found.push(...this.#byEdge(leg, at));
        found.push(...this.#reader.numbersInTransit(leg.dst, leg.dstPort, at - INFERRED_MS, at + INFERRED_MS));
      }
    }
    return found;
  }

  /** Sessions of a proxy to whom it says that it called: by the address, or by all that the name was given for. */
  #byRequest(called: string, from: number, to: number): number[] {
    const address = hexOf(called);
    const named =
      address === undefined ? this.#reader.heldBy('ip-name', called).map(({ key }) => hexOf(key)) : [address];
    return [...new Set(named)].flatMap((dst) => (dst === undefined ? [] : this.#reader.numbersReaching(dst, from, to)));
  }

  /** An address got a name that proxies tell of: `ADDRESS NAME`. */
  #byName(key: string, from: number, to: number): number[] {
    const [ip = '', name = ''] = key.split(' ');
    const address = hexOf(ip);
    if (address === undefined) return [];
    return this.#reader.requests.to([name], from - CLOSED_LATE_MS, to + CLOSED_LATE_MS).flatMap((request) => {
      const stretch = requestReopened(request);
      return this.#reader.numbersReaching(address, stretch.from, stretch.to);
    });
  }

  /** Sessions of a proxy that this one is a client's of, and those that its log may mean as well as this one. */
  #byProxy(leg: Leg): number[] {
    const found: number[] = [];
    if (this.#evidence.mayBeProxy(leg.dst)) {
      for (const request of this.#reader.requests.of(leg.src, leg.start - AROUND_MS, leg.end + CLOSED_LATE_MS)) {
        const { from, to } = requestReopened(request);
        found.push(...this.#byRequest(request.called, from, to));
      }
    }
    if (this.#evidence.mayBeProxy(leg.src)) {
      const [from, to] = [leg.start - RIVAL_MS - AROUND_MS, leg.start + RIVAL_MS + AROUND_MS];
      for (const { num } of this.#reader.sessionsBetween(leg.src, leg.dst, from, to)) found.push(num);
    }
    return found;
  }

  /** Sessions of addresses at home that may be this one behind a translation that nobody tells of. */
  #byEdge(leg: Leg, at: number): number[] {
    return this.#reader
      .sessionsTo(leg.dst, leg.dstPort, at - INFERRED_MS, at + INFERRED_MS)
      .flatMap((other) => (other.src !== leg.src && mayBeOuter(this.#evidence, other) ? [other.num] : []));
  }

  /** Numbers of all sessions of an address. */
  byAddress(address: string): number[] {
    return this.#reader.numbersFrom(address, undefined, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  }

  #byAccount(key: string, from: number, to: number): number[] {
    const place = readAccountKey(key);
    if (place === undefined) return [];
    return this.#ofEnd(place.address, place.port, from, to);
  }

  /** Sessions that an end began, and those to its address of which nobody knows who began them. */
  #ofEnd(address: string, port: number | null, from: number, to: number): number[] {
    return [
      ...this.#reader.numbersFrom(address, port ?? undefined, from, to),
      ...this.#reader.numbersTo(address, from, to),
    ];
  }

  #byPlace(text: string, key: string, from: number, to: number): number[] {
    const place = readPlace(text) ?? readPlace(key);
    if (place === undefined) return [];
    return this.#ofEnd(place.address, place.port, from - AROUND_MS, to + AROUND_MS);
  }

  #byBlock(key: string, from: number, to: number): number[] {
    const match = /^(.*):(\d{1,5})-(\d{1,5})$/u.exec(key);
    const address = hexOf(match?.[1] ?? '');
    if (match === null || address === undefined) return [];
    return this.#reader.numbersFromPorts(address, Number(match[2]), Number(match[3]), from, to);
  }

  #byAddress(ip: string, from: number, to: number): number[] {
    const address = hexOf(ip);
    if (address === undefined) return [];
    return [...this.#reader.numbersFrom(address, undefined, from, to), ...this.#reader.numbersTo(address, from, to)];
  }

  #byAddresses(addresses: Iterable<string>, from: number, to: number): number[] {
    return [...new Set(addresses)].flatMap((ip) => this.#byAddress(ip, from, to));
  }

  #byMac(mac: string, from: number, to: number): number[] {
    return [...this.#byAddresses(this.#addressesOfMac(mac, from, to), from, to), ...this.#behindPorts([mac], from, to)];
  }

  #byPort(key: string, from: number, to: number): number[] {
    const macs = this.#evidence.held('dvport-vnic', key).flatMap(({ value }) => (MAC.test(value) ? [value] : []));
    return macs.flatMap((mac) => this.#byMac(mac, from, to));
  }

  /** Sessions are found by their addresses; by the port of a switch only where nobody knows an address of what is behind it. */
  #behindPorts(macs: readonly string[], from: number, to: number): number[] {
    const unknown = macs.filter((mac) => this.#addressesOfMac(mac, from, to).length === 0);
    const ports = unknown.flatMap((mac) => this.#keysOf('dvport-vnic', mac, from, to));
    return [...new Set(ports)].flatMap((port) => this.#reader.numbersByInterface(Number(port), from, to));
  }

  #byAdapter(vnic: string, from: number, to: number): number[] {
    const names = this.#evidence.held('vnic-vm', vnic).map(({ value }) => value);
    const guests = names.flatMap((name) => this.#keysOf('ip-vm', name, from, to));
    const found = this.#byAddresses([...this.#addressesOfAdapter(vnic, from, to), ...guests], from, to);
    return [...found, ...this.#behindPorts(this.#keysOf('mac-vnic', vnic, from, to), from, to)];
  }

  #byMachine(name: string, from: number, to: number): number[] {
    const adapters = this.#keysOf('vnic-vm', name, from, to);
    const addresses = adapters.flatMap((vnic) => this.#addressesOfAdapter(vnic, from, to));
    const guests = this.#keysOf('ip-vm', name, from, to);
    const stated = this.#unnamedAdapters(name, from, to);
    const found = this.#byAddresses([...addresses, ...guests, ...stated], from, to);
    const macs = adapters.flatMap((vnic) => this.#keysOf('mac-vnic', vnic, from, to));
    found.push(...this.#behindPorts(macs, from, to));
    for (const { value: host } of this.#evidence.held('vm-host', name)) {
      if (this.#hypervisors.has(host)) continue;
      this.#hypervisors.add(host);
      const own = this.#evidence.heldBy('ip-device', host).map(({ key }) => key);
      found.push(...this.#byAddresses(own, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    }
    return found;
  }

  /** Adapters that stand under the machine's name where its UUID is not known. */
  #unnamedAdapters(name: string, from: number, to: number): string[] {
    const adapters = this.#reader.heldValues('mac-vnic', `${name}/`, `${name}0`);
    return adapters.flatMap((mac) => this.#addressesOfMac(mac, from, to));
  }

  #bySocket(key: string, from: number, to: number): number[] {
    const [local = '', remote = ''] = key.slice(key.indexOf(':') + 1).split('>');
    const place = readPlace(local);
    if (place === undefined) return [];
    const found = this.#ofEnd(place.address, place.port, from - WENT_ON_MS, to + AROUND_MS);
    for (const { value } of this.#evidence.held('socket-process', key)) {
      const stretch = this.#newlyCovered(`${place.address} ${remote} ${value}`, from - HABIT_MS, to + HABIT_MS);
      if (stretch !== undefined)
        found.push(...this.#reader.numbersFrom(place.address, undefined, stretch.from, stretch.to));
    }
    return found;
  }

  /** What a habit covers beyond what it covered before; undefined when nothing. */
  #newlyCovered(habit: string, from: number, to: number): { from: number; to: number } | undefined {
    const known = this.#habits.get(habit);
    if (this.#habits.size >= MOST_HABITS) this.#habits.clear();
    this.#habits.set(habit, { from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) });
    if (known === undefined) return { from, to };
    if (from >= known.from && to <= known.to) return undefined;
    return from >= known.from ? { from: known.to, to } : { from, to: Math.max(to, known.from) };
  }

  #byConfiguration(key: string, from: number, to: number): number[] {
    const devices = new Set(this.#evidence.held('config-endpoint', key).map(({ device }) => device));
    return [...devices].flatMap((device) => {
      const own = this.#evidence.heldBy('ip-device', device).map((held) => held.key);
      return this.#byAddresses(own, from, to);
    });
  }

  /** A source told not everything: sessions it would have told of, and those whose links it may have said. */
  #byBlindSpot(key: string, from: number, to: number): number[] {
    const { kind, device } = readBlindKey(key);
    const [since, until] = [from - AROUND_MS, to + AROUND_MS];
    // Names say nothing of who held an address.
    if (kind === 'name_log') return [];
    // What our own receiver lost may have been anybody's.
    if (device.startsWith('udp://')) return this.#reader.numbersBetween(since - BEGINNING_MS - LOGGED_LATE_MS, until);
    if (kind === 'flow') return this.#byFlowGap(device, since, until);
    const tellsLinks = kind === 'log' || kind === 'poll' || kind === 'lease_log';
    const linked = tellsLinks ? this.#reader.numbersBetween(since, until) : [];
    if (kind === 'poll' || kind === 'lease_log') return linked;
    const translated = this.#reader.translatedThrough(device).flatMap((address) => {
      return this.#reader.numbersFrom(address, undefined, since - BEGINNING_MS - LOGGED_LATE_MS, until);
    });
    return [...linked, ...translated];
  }

  #byFlowGap(device: string, from: number, to: number): number[] {
    const exporters = this.#reader.exporters().filter((exporter) => this.#evidence.deviceOf(exporter) === device);
    // Any exporter may have missed a session that would have fitted as well as the one that was inferred.
    return this.#evidence.flowOffsets(from).flatMap((offset) => {
      // Exporters' own clocks may be off; what is looked up is by them.
      const [since, until] = [from + offset - EXPORTED_LATE_MS, to + offset];
      const own = exporters.flatMap((exporter) => {
        return this.#reader.numbersOfExporter(exporter, since - BEGINNING_MS, until, since);
      });
      return [...own, ...this.#reader.numbersInTransitBetween(since, until)];
    });
  }

  #addressesOfAdapter(vnic: string, from: number, to: number): string[] {
    return this.#keysOf('mac-vnic', vnic, from, to).flatMap((mac) => this.#addressesOfMac(mac, from, to));
  }

  #addressesOfMac(mac: string, from: number, to: number): string[] {
    return [...this.#keysOf('ip-mac', mac, from, to), ...this.#keysOf('ip-dhcp', mac, from, to)];
  }

  #keysOf(relation: string, value: string, from: number, to: number): string[] {
    const held = this.#evidence.heldBy(relation, value).filter(({ fromLo, toHi }) => fromLo <= to && from <= toHi);
    return [...new Set(held.map(({ key }) => key))];
  }
}
