import type { Held } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { protocolName, textOf } from '../../store/queries/places';
import type { Candidate, Candidates } from './candidate';
import { decayed, logOdds, rounded, weightsOf } from './confidence';
import type { Evidence } from './evidence';
import type { HostQuestion } from './host-service';
import { extraText } from './held-extra';
import { DECAY_MS, PRIORS } from './priors.data';
import { ageOf } from './votes';

/** How well the parts of a declared endpoint fit: all of them, without the port, by a name that nobody resolved. */
const FIT = { whole: 1, 'without port': 0.8, 'by name': 0.6, 'by port': 0.5 } as const;
type Fit = keyof typeof FIT;

/** A vendor's default is a habit of the product, not a line that somebody wrote. */
const DEFAULT_SHARE = 0.75;

/** A device speaks for itself, even where none of its lines says what it was. */
const NO_LINE = 0.6;

interface Match {
  readonly held: Held;
  readonly fit: Fit;
  readonly odds: number;
}

/** The line of a device's configuration that declares the session's destination, as the configuration was then. */
export function configLineOf(evidence: Evidence, question: HostQuestion): Candidates {
  const { host, time } = question;
  const lines = evidence
    .statedBy('config-endpoint', host)
    .filter(({ fromLo, toHi }) => fromLo <= time.start && time.start <= toHi);
  const matches = latestVersions(lines, time.start).flatMap((held) => matchOf(held, question) ?? []);
  if (matches.length === 0) {
    const owner = { kind: 'device_config', id: `device:${host}`, name: host, host } as const;
    return {
      candidates: [{ owner, weight: NO_LINE, steps: [] }],
      reasons: [lines.length === 0 ? 'NO_CONFIG' : 'NO_CONFIG_LINE'],
    };
  }
  const best = new Map<string, Match>();
  for (const match of matches) {
    const id = ownerId(match.held, host);
    const known = best.get(id);
    if (known === undefined || known.odds < match.odds) best.set(id, match);
  }
  const weighted = weightsOf([...best.values()].map((match) => ({ value: match, odds: match.odds })));
  const candidates = weighted.map(({ value, weight }): Candidate => {
    const name = `${purposeOf(value.held)} of ${host}`;
    const owner = { kind: 'device_config', id: ownerId(value.held, host), name, host } as const;
    return { owner, weight, steps: [lineStep(value, weight)] };
  });
  return { candidates, reasons: candidates.length > 1 ? ['CONFIG_LINES'] : [] };
}

/**
 * A line of a version that a later one has replaced by the time no longer speaks. Defaults have no version; a device that is
 * read in parts (contexts, sections) has one of each part.
 */
function latestVersions(lines: readonly Held[], at: number): readonly Held[] {
  const latest = new Map<string, { readonly version: string; readonly from: number }>();
  for (const held of lines) {
    const version = versionOf(held.key);
    const part = partOf(held);
    const known = latest.get(part);
    if (version !== undefined && held.fromHi <= at && (known === undefined || held.fromHi > known.from)) {
      latest.set(part, { version, from: held.fromHi });
    }
  }
  return lines.filter((held) => {
    const known = latest.get(partOf(held));
    return known === undefined || (versionOf(held.key) ?? known.version) === known.version;
  });
}

function partOf(held: Held): string {
  return extraText(held, 'ascribe.config.part') ?? '';
}

function versionOf(key: string): string | undefined {
  return key.startsWith('default:') ? undefined : key.slice(0, Math.max(0, key.lastIndexOf(':')));
}

function ownerId(held: Held, host: string): string {
  return `device:${host}/${purposeOf(held)}/${held.value}`;
}

function purposeOf(held: Held): string {
  return extraText(held, 'ascribe.config.purpose') ?? 'other';
}

function matchOf(held: Held, question: HostQuestion): Match | undefined {
  const { leg, address, time } = question;
  if (extraText(held, 'ascribe.config.active') === '0') return undefined;
  const sourceIp = extraText(held, 'ascribe.config.source_ip');
  if (sourceIp !== undefined && sourceIp !== textOf(address)) return undefined;
  const parts = partsOf(held.value);
  const protocol = protocolName(leg.protocol).toLowerCase();
  if (parts.protocol !== '*' && parts.protocol.toLowerCase() !== protocol) return undefined;
  if (parts.port !== '*' && Number(parts.port) !== leg.dstPort) return undefined;
  const fit = fitOf(parts, textOf(leg.dst));
  if (fit === undefined) return undefined;
  const isDefault = extraText(held, 'ascribe.config.default') === '1' || held.key.startsWith('default:');
  const share = FIT[fit] * (isDefault ? DEFAULT_SHARE : 1) * encryptionShare(held, leg.encrypted);
  const odds =
    decayed(logOdds(PRIORS['config-endpoint']), ageOf(held, time.start), DECAY_MS['config-endpoint']) * share;
  return { held, fit, odds };
}

/** `proto:host:port`; the host may be an IPv6 address, with or without brackets. */
function partsOf(value: string): { protocol: string; host: string; port: string } {
  const first = value.indexOf(':');
  const last = value.lastIndexOf(':');
  const host = value.slice(first + 1, last).replace(/^\[(.*)\]$/u, '$1');
  return { protocol: value.slice(0, first), host, port: value.slice(last + 1) };
}

function fitOf({ host, port }: { host: string; port: string }, destination: string): Fit | undefined {
  if (host === destination) return port === '*' ? 'without port' : 'whole';
  if (host === '*') return port === '*' ? undefined : 'by port';
  // A name: nothing of ours resolves it, but its port fits.
  return /[a-z]/iu.test(host) && !host.includes(':') && port !== '*' ? 'by name' : undefined;
}

/** A line for clear text does not make an encrypted session, nor the other way round. */
function encryptionShare(held: Held, encrypted: string): number {
  const declared = extraText(held, 'ascribe.config.encrypted');
  if (declared === undefined || declared === 'maybe' || encrypted === 'unknown') return 1;
  return declared === encrypted ? 1 : 0.5;
}

function lineStep({ held, fit }: Match, weight: number): VerdictStep {
  const text = extraText(held, 'ascribe.config.text') ?? held.value;
  return {
    relation: 'config-endpoint',
    from: held.value,
    to: `${held.key} ${text}`,
    device: held.device,
    parser: held.parser,
    validFrom: held.fromHi,
    validTo: held.toLo,
    clockOffset: 0,
    confidence: rounded(weight),
    rawSeqs: held.firstSeq === held.lastSeq ? [held.firstSeq] : [held.firstSeq, held.lastSeq],
    detail: fit === 'whole' ? '' : `matched ${fit}`,
  };
}
