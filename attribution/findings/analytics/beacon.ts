import { textOfHex } from '../../../store/facts/address-hex';
import { serviceOnPort } from '../../sessions/services';
import type { SeriesAnalytic, SeriesEvidence, Severity } from '../contract';
import { isCommon, isRare } from '../rarity';

const WEEK = 7 * 86_400_000;
const NTP = 123;
const LEAST_PERIOD = 8;

/** Sessions that come like clockwork. The rhythm alone is benign more often than not: who else talks there, and since when, decide. */
export const BEACON: SeriesAnalytic = {
  looksAt: 'series',
  id: 'BEACON',
  strategy: 'DET0143',
  techniques: ['T1573.001', 'T1071.001'],
  platform: 'Network Devices',
  title: 'Rhythm of sessions with a destination that few others know',
  text: 'The sessions of one owner with one destination and port follow a rhythm that chance does not make, also where some of them were lost. Severity follows how many owners talk with the destination, since when, and whether a service is known on the port.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives: 'Monitoring, update checks and telemetry of products: add what is known to BenignDestinations.',
  mutable: {
    BenignDestinations: 'Addresses whose rhythm is expected',
    PortProfiles: 'Further ports on which encryption is expected',
  },
  match(series, values) {
    const { score, dst, dstPort, protocol, prevalence, subject } = series;
    if (score.answer !== 'beacon' || values.BenignDestinations.has(dst) || isClock(series)) return undefined;
    if (subject.kind === 'service' && values.AllowedMgmtHosts.has(dst)) return undefined;
    if (values.roles.allowsDestination(subject, dst)) return undefined;
    // A line of configuration that declares the session is its explanation.
    if (subject.kind === 'device_config' && subject.id.includes('/')) return undefined;
    const rare = isRare(prevalence);
    if (!rare && isCommon(prevalence)) return undefined;
    const hits = values.DestinationIPBlocklist.lookUp(dst, series.lastStart);
    if (hits.some(({ kind }) => kind === 'benign')) return undefined;
    // Anybody may rent a place at a provider: it makes a rhythm likelier to be a service, never harmless.
    const provider = hits.find(({ kind }) => kind === 'provider')?.list;
    const recent = series.lastStart - series.firstStart <= WEEK;
    const onPort =
      serviceOnPort(protocol, dstPort)?.encrypted !== 'no' ||
      values.PortProfiles.has(dstPort) ||
      values.roles.allowsPort(subject, dstPort);
    const destination = `${textOfHex(dst)}:${dstPort}`;
    const period = score.period ?? 0;
    return {
      key: `${destination}/${protocol}`,
      severity: severityOf(subject.kind, rare, recent && provider === undefined, onPort),
      text: `${subject.name} begins a session with ${destination} every ${period} s (${score.sessions} sessions, chance ${score.chance.toExponential(0)}); ${prevalence.owners} of ${prevalence.of} owners talk with it`,
      terms: {
        destination,
        period,
        sessions: score.sessions,
        chance: score.chance,
        jitter: score.jitter ?? 0,
        loss: score.loss ?? 0,
        evidence: score.evidence ?? 0,
        timing: score.timing?.score ?? 0,
        phase: score.phase ?? 0,
        sizes: score.sizes?.score ?? 0,
        histogram: score.persistence?.histogramScore ?? 0,
        duration: score.persistence?.durationScore ?? 0,
        composite: score.composite,
        owners: prevalence.owners,
        owners_of: prevalence.of,
        seen_share: score.seenShare,
        recent,
        ...(provider !== undefined && { provider }),
      },
    };
  },
};

function severityOf(kind: string, rare: boolean, recent: boolean, onPort: boolean): Severity {
  if (!rare) return 'low';
  if (kind === 'service' || kind === 'device_config') return 'high';
  return recent && onPort ? 'high' : 'medium';
}

/** Time synchronisation is a rhythm by design. */
function isClock({ dstPort, score }: SeriesEvidence): boolean {
  return dstPort === NTP || (score.period ?? 0) < LEAST_PERIOD;
}
