import type { Held, Leg } from '../../store/analysis/evidence-record';
import { hexOf, protocolName, readPlace, socketText, textOf } from '../../store/queries/places';
import type { Evidence } from './evidence';
import { extraText } from './held-extra';
import { type EvidenceClass, UNMEASURED_MS } from './priors.data';
import { ageOf } from './votes';
import type { SessionTime } from './session-time';
import { claimOdds, fitOf, type Span, type TranslationClaim } from './translation-claim';

/** Translations that were stated or seen apart from sessions: their key is the outside, their value the inside. */
export function bindingClaims(evidence: Evidence, leg: Leg, time: SessionTime): TranslationClaim[] {
  const held = around(evidence, namesOf(leg), time);
  const claims = held
    .filter(({ destination }) => isTowards(destination, leg))
    .map((one) => claimOf(evidence, one, held, time));
  return [...claims, ...blockClaims(evidence, leg, time)].flatMap((claim) => claim ?? []);
}

function around(evidence: Evidence, keys: readonly string[], time: SessionTime): readonly Held[] {
  const found = evidence.logOffsets(time.start).flatMap((offset) => {
    return evidence.heldBetween('nat', keys, time.start + offset - UNMEASURED_MS, time.end + offset + UNMEASURED_MS);
  });
  return [...new Map(found.map((held) => [held.num, held])).values()];
}

/** All spellings of the outside endpoint: with its port, and the address alone for translations that keep the port. */
export function namesOf({ protocol, src, srcPort }: Pick<Leg, 'protocol' | 'src' | 'srcPort'>): string[] {
  const names = [protocolName(protocol), String(protocol), 'IP'];
  const address = socketText(src, null);
  const bracketed = address.includes(':') ? `[${address}]` : address;
  const places = srcPort === null ? [bracketed] : [socketText(src, srcPort), bracketed];
  return [...new Set([address, ...places, ...places.flatMap((place) => names.map((name) => `${name}:${place}`))])];
}

/** `destination` is empty, an address, or an address with its port. */
function isTowards(destination: string, leg: Leg): boolean {
  if (destination === '') return true;
  const place = readPlace(destination);
  return place === undefined || (place.address === leg.dst && (place.port === null || place.port === leg.dstPort));
}

function claimOf(
  evidence: Evidence,
  held: Held,
  rivals: readonly Held[],
  time: SessionTime,
): TranslationClaim | undefined {
  const place = readPlace(held.value);
  if (place === undefined) return undefined;
  const name = classOf(held, place.port);
  const clock = evidence.logClock(held.device, held.fromHi);
  const offset = clock?.offset ?? 0;
  const stated = name === 'nat-binding';
  const ended = stated && held.endSource === 'stated' ? held.toLo : supersededAt(held, rivals);
  const span: Span = {
    from: stated && held.beginSource === 'stated' ? held.fromHi - offset : null,
    to: ended === null ? null : ended - offset,
    tick: held.fromHi % 1000 === 0 ? 999 : 0,
  };
  const wanted = { start: time.start, end: time.end, residual: time.residual + (clock?.residual ?? UNMEASURED_MS) };
  const fit = fitOf(span, wanted, held.destination === '');
  if (fit === undefined) return undefined;
  const odds = claimOdds(name, fit, ageOf(held, time.start + offset));
  return { ...claimBase(held, name, span, offset), odds, inside: place.address, insidePort: place.port };
}

/** A translation without ports is fixed; one whose ends nobody states was read from a table. */
function classOf({ beginSource, endSource }: Held, port: number | null): EvidenceClass {
  if (port === null) return 'nat-static';
  return beginSource === 'stated' || endSource === 'stated' ? 'nat-binding' : 'nat-table';
}

/** A device gives an endpoint to one inside at a time: what begins later ends what was there. */
function supersededAt(held: Held, rivals: readonly Held[]): number | null {
  let next: number | null = null;
  for (const rival of rivals) {
    const isLater = rival.device === held.device && rival.value !== held.value && rival.fromHi > held.fromHi;
    if (isLater && rival.destination === held.destination) next = Math.min(next ?? rival.fromHi, rival.fromHi);
  }
  return next;
}

function claimBase(held: Held, name: EvidenceClass, { from, to }: Span, offset: number) {
  const { device, parser, scope, firstSeq, lastSeq, destination } = held;
  return {
    class: name,
    scope,
    device,
    parser,
    from,
    to,
    offset,
    rawSeqs: firstSeq === lastSeq ? [firstSeq] : [firstSeq, lastSeq],
    withDestination: destination !== '',
    bytes: null,
    account: undefined,
    leg: undefined,
  };
}

/** Blocks of ports (RFC 7422, RFC 8158): the inside address is certain, its port is not told. */
function blockClaims(evidence: Evidence, leg: Leg, time: SessionTime): TranslationClaim[] {
  const { src, srcPort } = leg;
  if (srcPort === null) return [];
  const address = textOf(src);
  return evidence
    .heldInRange('nat-block', `${address}:`, `${address};`, time.start - UNMEASURED_MS, time.end + UNMEASURED_MS)
    .flatMap((held) => {
      const inside = insideOfBlock(held, address, srcPort);
      if (inside === undefined) return [];
      const isConfigured = extraText(held, 'ascribe.config.line') !== undefined;
      const stated = held.beginSource === 'stated';
      const span: Span = {
        from: stated ? held.fromHi : null,
        to: held.endSource === 'stated' ? held.toLo : null,
        tick: 0,
      };
      const wanted = { start: time.start, end: time.end, residual: time.residual + UNMEASURED_MS };
      const fit = fitOf(span, wanted, true);
      if (fit === undefined) return [];
      const name = isConfigured ? 'nat-static' : 'nat-block';
      const odds = claimOdds(name, fit, ageOf(held, time.start));
      return [{ ...claimBase(held, name, span, 0), odds, inside, insidePort: null, note: configured(held) }];
    });
}

/**
 * Whose port it is in `ADDRESS:FIRST-LAST`, of which every `step`-th is meant where the source says so. Where the configuration
 * gives blocks of one size side by side, the first is the stated address's, the next one the next address's.
 */
function insideOfBlock(held: Held, address: string, port: number): string | undefined {
  const match = /^(\d{1,5})-(\d{1,5})$/u.exec(held.key.slice(address.length + 1));
  const inside = hexOf(held.value) ?? readPlace(held.value)?.address;
  if (match === null || inside === undefined) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (port < first || port > last) return undefined;
  const step = Number(extraText(held, 'step') ?? 1);
  if (step > 1 && (port - first) % step !== 0) return undefined;
  const size = Number(extraText(held, 'ascribe.nat.block_size') ?? 0);
  return size >= 1 && inside.length === 8 ? after(inside, Math.floor((port - first) / size)) : inside;
}

/** The IPv4 address (hex) so many behind another. */
function after(address: string, many: number): string {
  const number = Number.parseInt(address, 16) + many;
  return number.toString(16).toUpperCase().padStart(8, '0');
}

/** The line from which it follows. */
function configured(held: Held): string {
  const [version, line] = [extraText(held, 'ascribe.config.version'), extraText(held, 'ascribe.config.line')];
  return version === undefined || line === undefined ? '' : ` by line ${line} of configuration ${version}`;
}
