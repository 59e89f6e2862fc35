import type { SessionAnalytic } from '../contract';
import { destinationOf, isOutbound, ownerText } from '../conditions';

/** Destinations on threat lists. */
export const AN0427: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0427',
  strategy: 'DET0149',
  techniques: ['T1048.003', 'T1071'],
  platform: 'Network Devices',
  title: 'Session with an address on a threat list',
  text: 'The destination stood on a loaded threat list (DestinationIPBlocklist) at the time of the session. Loading a list looks at history again.',
  needs: ['flows'],
  severity: 'high',
  falsePositives: 'Addresses that changed hands since the list was made: mind its date.',
  mutable: { DestinationIPBlocklist: 'Threat lists: section `destinations` of the configuration' },
  match(session, { values }) {
    if (!isOutbound(session)) return undefined;
    const hit = values.DestinationIPBlocklist.lookUp(session.dst, session.start).find(({ kind }) => kind === 'threat');
    if (hit === undefined) return undefined;
    const destination = destinationOf(session);
    const attempt = session.state === 'denied' || session.state === 'attempt';
    const said = hit.entry.label === '' ? '' : ` (${hit.entry.label})`;
    return {
      key: destination,
      severity: attempt ? 'medium' : 'high',
      text: `${ownerText(session)} ${attempt ? 'tried to reach' : 'talked with'} ${destination}, line ${hit.entry.line} of ${hit.list}${said}`,
      terms: {
        destination,
        list: hit.list,
        line: hit.entry.line,
        label: hit.entry.label,
        sha256: hit.sha256,
        tlp: hit.tlp,
      },
    };
  },
};
