import { at, childOf, type ConfigNode, valueOf, valuesOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { type AddressRange, addressRange, junosBlocks, rangeBetween, vyosBlocks } from '../port-blocks';

/**
 * Junos on MX and M with services PICs: pools under `services nat` whose blocks are deterministic, and the one rule that uses
 * each. What the document leaves open is left out: pools of prefixes, of several ranges and of ranges of ports, rules for several
 * prefixes, a block size that is not stated. Blocks of SRX (`port deterministic`) begin elsewhere and are not computed.
 */
export function readJunosBlocks(reading: ConfigReading, root: ConfigNode): void {
  const nat = at(root, 'services', 'nat');
  const rules = at(nat, 'rule')?.children ?? [];
  const terms = rules.flatMap((rule) => at(rule, 'term')?.children ?? []);
  for (const pool of at(nat, 'pool')?.children ?? []) {
    const port = at(pool, 'port');
    const blocks = at(port, 'deterministic-port-block-allocation');
    const size = wholeNumber(valueOf(blocks, 'block-size'));
    if (blocks === undefined || size === undefined || childOf(port, 'range') !== undefined) continue;
    const users = terms.filter((term) => valueOf(at(term, 'then', 'translated'), 'source-pool') === pool.words[0]);
    const [term, ...others] = users;
    const outside = junosPool(pool);
    if (term === undefined || others.length > 0 || outside === undefined) continue;
    const inside = junosSource(term, childOf(blocks, 'include-boundary-addresses') !== undefined);
    if (inside === undefined || !isCountedAlike(inside.count, outside.count)) continue;
    reading.portBlocks([pool, term], junosBlocks(inside, outside, size));
  }
}

/** `address-range low A high B`, alone. */
function junosPool(pool: ConfigNode): AddressRange | undefined {
  const lows = at(pool, 'address-range', 'low')?.children ?? [];
  const single = at(pool, 'address')?.children ?? [];
  const [low] = lows;
  if (lows.length === 1 && single.length === 0) return rangeBetween(low?.words[0], valueOf(low, 'high'));
  const [only] = single;
  const isOne = single.length === 1 && lows.length === 0 && only?.words[0]?.endsWith('/32') === true;
  return isOne ? addressRange(only.words[0]) : undefined;
}

/** The document's example counts one inside address less than its text: where that makes a difference nothing is computed. */
function isCountedAlike(inside: number, outside: number): boolean {
  return inside === 1 || Math.ceil(inside / outside) === Math.ceil((inside - 1) / outside);
}

/** The addresses that a rule translates: without the network's own and its broadcast address unless the pool says otherwise. */
function junosSource(term: ConfigNode, withBoundary: boolean): AddressRange | undefined {
  const from = at(term, 'from');
  const prefixes = [...valuesOf(from, 'source-address')];
  const ranges = at(from, 'source-address-range', 'low')?.children ?? [];
  const [low] = ranges;
  if (ranges.length === 1 && prefixes.length === 0) return rangeBetween(low?.words[0], valueOf(low, 'high'));
  const whole = prefixes.length === 1 && ranges.length === 0 ? addressRange(prefixes[0]) : undefined;
  if (whole === undefined || whole.count <= 2 || withBoundary) return whole;
  return { first: whole.first + 1, count: whole.count - 2 };
}

/** VyOS `nat cgnat`: the one rule, of an internal pool of one range and an external pool whose ranges have an order. */
export function readVyosBlocks(reading: ConfigReading, root: ConfigNode): void {
  const nat = at(root, 'nat', 'cgnat');
  const rules = at(nat, 'rule')?.children ?? [];
  const [rule] = rules;
  if (rule === undefined || rules.length > 1) return;
  const outsidePool = at(nat, 'pool', 'external', valueOf(at(rule, 'translation'), 'pool') ?? '');
  const insidePool = at(nat, 'pool', 'internal', valueOf(at(rule, 'source'), 'pool') ?? '');
  const ranges = at(outsidePool, 'range')?.children ?? [];
  const insides = at(insidePool, 'range')?.children ?? [];
  const inside = insides.length === 1 ? addressRange(insides[0]?.words[0]) : undefined;
  const outside = ranges.length === 1 ? addressRange(ranges[0]?.words[0]) : undefined;
  if (outsidePool === undefined || insidePool === undefined || inside === undefined || outside === undefined) return;
  const size = wholeNumber(valueOf(at(outsidePool, 'per-user-limit'), 'port') ?? '2000');
  const [low, high] = (valueOf(outsidePool, 'external-port-range') ?? '1024-65535').split('-').map(wholeNumber);
  if (size === undefined || low === undefined || high === undefined) return;
  reading.portBlocks([outsidePool, insidePool, rule], vyosBlocks(inside, outside, { first: low, last: high, size }));
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/u.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
