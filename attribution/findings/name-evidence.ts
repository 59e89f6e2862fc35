import type { Subject } from '../../store/analysis/finding-record';
import type { DnsClient, NameStore, Question } from '../../store/analysis/name-store';
import { hexOf } from '../../store/queries/places';
import { domainOf } from './domain';
import type { NameEvidence, NameVolume } from './contract';

const DAY = 24 * 3_600_000;

/** What an address asked for, as analytics look at it; undefined when nothing. */
export function nameEvidenceOf(client: DnsClient, names: NameStore): NameEvidence | undefined {
  const questions = names.questions(client.address);
  const last = questions.reduce((latest, question) => Math.max(latest, question.last), 0);
  if (questions.length === 0) return undefined;
  const hex = hexOf(client.address);
  const owner = hex === undefined ? undefined : names.ownerOf(Buffer.from(hex, 'hex'), last);
  return {
    address: client.address,
    subject: owner ?? unknownOwner(client.address),
    names: questions,
    volumes: volumesOf(questions),
    last,
  };
}

function unknownOwner(address: string): Subject {
  return { kind: 'unknown', id: `address:${address}`, name: address, host: '' };
}

/** Different names by domain and day (UTC) in which they were first asked for. */
function volumesOf(questions: readonly Question[]): NameVolume[] {
  const volumes = new Map<string, { domain: string; names: number; length: number; last: number; name: string }>();
  for (const { name, first, last } of questions) {
    const domain = domainOf(name);
    if (name === domain) continue;
    const key = `${domain} ${Math.floor(first / DAY)}`;
    const volume = volumes.get(key) ?? { domain, names: 0, length: 0, last: 0, name: '' };
    volumes.set(key, volume);
    volume.last = Math.max(volume.last, last);
    // Questions come by name: equal ones, told by several servers, follow each other.
    if (volume.name === name) continue;
    volume.name = name;
    volume.names++;
    volume.length += name.indexOf('.');
  }
  return [...volumes.values()].map(({ domain, names, length, last }) => ({
    domain,
    names,
    meanLength: length / names,
    last,
  }));
}
