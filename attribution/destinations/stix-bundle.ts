import { type ListEntry, ListFormatError, type ParsedList } from './destination-list';
import { entryOf } from './listed-host';

/** OASIS STIX 2.1 section 4.7: what an indicator needs to hold for us. */
interface Indicator {
  readonly type?: unknown;
  readonly pattern?: unknown;
  readonly pattern_type?: unknown;
  readonly name?: unknown;
  readonly valid_from?: unknown;
  readonly valid_until?: unknown;
  readonly revoked?: unknown;
  readonly object_marking_refs?: unknown;
}

/** The four TLP markings that STIX 2.1 section 7.2.1.4 defines, by the end of their fixed ids. */
const TLP: Readonly<Record<string, string>> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'white',
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'green',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'amber',
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'red',
};
const STRICTEST = ['', 'white', 'green', 'amber', 'red'];

/** `[ipv4-addr:value = '203.0.113.9']`, `domain-name`, `url`, also joined by OR, also ISSUBSET with a network. */
const COMPARISON = /\b(ipv[46]-addr|domain-name|url):value\s*(=|ISSUBSET|IN)\s*(\([^)]{0,4096}\)|'[^']{0,1024}')/gu;

/** Addresses and names of the indicators of a bundle. A pattern that asks for more (AND, FOLLOWEDBY) is skipped: half of it is no match. */
export function parseStix(json: unknown): ParsedList {
  const { objects } = json as { objects?: unknown };
  if (!Array.isArray(objects)) throw new ListFormatError('no STIX bundle: it has no array "objects"');
  const entries: ListEntry[] = [];
  let skipped = 0;
  let tlp = '';
  (objects as (Indicator | null)[]).forEach((object, i) => {
    if (object?.type !== 'indicator' || object.revoked === true) return;
    tlp = stricter(tlp, object.object_marking_refs);
    const found = hostsOf(object);
    if (found.length === 0) skipped++;
    for (const host of found) {
      const entry = entryOfIndicator(host, i + 1, object);
      if (entry === undefined) skipped++;
      else entries.push(entry);
    }
  });
  return { entries, skipped, ...(tlp !== '' && { tlp }) };
}

function hostsOf({ pattern, pattern_type: type }: Indicator): string[] {
  if (typeof pattern !== 'string' || (type !== undefined && type !== 'stix') || pattern.length > 65_536) return [];
  const rest = pattern.replaceAll(COMPARISON, '');
  // What is left of a pattern of hosts alone is brackets and OR.
  if (!/^(?:[[\]()\s]|OR\b)*$/u.test(rest)) return [];
  return [...pattern.matchAll(COMPARISON)].flatMap((match) =>
    [...(match[3] ?? '').matchAll(/'([^']*)'/gu)].map((quoted) => quoted[1] ?? ''),
  );
}

function entryOfIndicator(host: string, line: number, indicator: Indicator): ListEntry | undefined {
  const label = typeof indicator.name === 'string' ? indicator.name.slice(0, 200) : '';
  const entry = entryOf(host, line, label, false);
  if (entry === undefined) return undefined;
  const validFrom = Date.parse(String(indicator.valid_from));
  const validTo = Date.parse(String(indicator.valid_until));
  return {
    ...entry,
    ...(Number.isFinite(validFrom) && { validFrom }),
    ...(Number.isFinite(validTo) && { validTo }),
  };
}

function stricter(tlp: string, refs: unknown): string {
  const marks = Array.isArray(refs) ? refs.map((ref) => TLP[String(ref)] ?? '') : [];
  return [tlp, ...marks].reduce((most, mark) => (STRICTEST.indexOf(mark) > STRICTEST.indexOf(most) ? mark : most), '');
}
