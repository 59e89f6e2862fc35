import type { DestinationName } from '../../../store/queries/names';
import type { ListHit } from '../../destinations/destination-context';
import type { Match, SessionAnalytic, SessionEvidence } from '../contract';
import { destinationOf, isOutbound, ownerText } from '../conditions';

/** Destinations on threat lists. */
export const AN0427: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0427',
  strategy: 'DET0149',
  techniques: ['T1048.003', 'T1071'],
  platform: 'Network Devices',
  title: 'Session with an address or a name on a threat list',
  text: 'The destination, or a name that DNS logs give it then, stood on a loaded threat list (DestinationIPBlocklist) at the time of the session. Loading a list looks at history again.',
  needs: ['flows'],
  severity: 'high',
  falsePositives: 'Addresses that changed hands since the list was made: mind its date.',
  mutable: { DestinationIPBlocklist: 'Threat lists: section `destinations` of the configuration' },
  match(session, { values, names }) {
    if (!isOutbound(session)) return undefined;
    const lists = values.DestinationIPBlocklist;
    const byAddress = lists.lookUp(session.dst, session.start).find(({ kind }) => kind === 'threat');
    if (byAddress !== undefined) return found(session, byAddress);
    if (!lists.hasNames) return undefined;
    for (const name of names(session)) {
      const byName = lists.lookUpName(name.name, session.start).find(({ kind }) => kind === 'threat');
      if (byName !== undefined) return found(session, byName, name);
    }
    return undefined;
  },
};

/** An address may have many names: one that others asked for says less of this session than one that its source asked for. */
function found(session: SessionEvidence, hit: ListHit, name?: DestinationName): Match {
  const destination = destinationOf(session);
  const attempt = session.state === 'denied' || session.state === 'attempt';
  const weak = attempt || (name !== undefined && name.askedAt === null);
  const { entry, list, sha256, tlp } = hit;
  const said = entry.label === '' ? '' : ` (${entry.label})`;
  const known = name === undefined ? '' : ` as ${name.name}`;
  return {
    key: destination,
    severity: weak ? 'medium' : 'high',
    text: `${ownerText(session)} ${attempt ? 'tried to reach' : 'talked with'} ${destination}${known}, line ${entry.line} of ${list}${said}`,
    terms: {
      destination,
      list,
      line: entry.line,
      label: entry.label,
      sha256,
      tlp,
      ...(name !== undefined && { name: name.name, asked_itself: name.askedAt !== null, name_raw_seq: name.rawSeq }),
    },
  };
}
