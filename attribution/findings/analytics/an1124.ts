import type { Match, NameAnalytic, NameEvidence, MutableValues, NameVolume } from '../contract';

/** From so many characters a label holds more than a word: encoded payload, hashes. */
const LONG_LABEL = 24;

/** Names asked for that are on lists, or too many under one domain. */
export const AN1124: NameAnalytic = {
  looksAt: 'names',
  id: 'AN1124',
  strategy: 'DET0400',
  techniques: ['T1071.004'],
  platform: 'Network Devices',
  title: 'Questions for listed names, or for more names under one domain than anybody reads',
  text: 'A client asked for a name on a threat list (DomainReputationFeed), or within a day for more names under one domain than QueryRatePerClient: names that carry data. Severity rises with the length of their first labels.',
  needs: ['dns'],
  severity: 'high',
  falsePositives:
    'Reputation and antivirus services that ask by name for hashes; a proxy or resolver that asks for all its clients.',
  mutable: {
    DomainReputationFeed: 'Names on threat lists: section `destinations` of the configuration',
    QueryRatePerClient: 'Names under one domain that one client may ask for in a day',
  },
  match(client, values) {
    return [...listed(client, values), ...crowded(client, values)];
  },
};

function listed({ address, names, subject }: NameEvidence, { DestinationIPBlocklist: lists }: MutableValues): Match[] {
  if (!lists.hasNames) return [];
  return names.flatMap(({ name, last }): Match[] => {
    const hit = lists.lookUpName(name, last).find(({ kind }) => kind === 'threat');
    if (hit === undefined) return [];
    const { list, sha256, tlp, entry } = hit;
    const said = entry.label === '' ? '' : ` (${entry.label})`;
    return [
      {
        key: name,
        at: last,
        text: `${subject.name} asked for ${name}, line ${entry.line} of ${list}${said}`,
        terms: { name, client: address, list, line: entry.line, label: entry.label, sha256, tlp },
      },
    ];
  });
}

function crowded({ address, volumes, subject }: NameEvidence, { QueryRatePerClient: most }: MutableValues): Match[] {
  const worst = new Map<string, NameVolume>();
  for (const volume of volumes) {
    if (volume.names <= most) continue;
    if (volume.names > (worst.get(volume.domain)?.names ?? 0)) worst.set(volume.domain, volume);
  }
  return [...worst.values()].map(({ domain, names, meanLength, last }) => ({
    key: domain,
    at: last,
    severity: meanLength >= LONG_LABEL ? 'high' : 'medium',
    text: `${subject.name} asked for ${names} names under ${domain} in a day, their first labels ${Math.round(meanLength)} characters long`,
    terms: { domain, client: address, names, mean_length: Math.round(meanLength * 10) / 10 },
  }));
}
