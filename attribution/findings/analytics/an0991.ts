import type { SessionAnalytic } from '../contract';
import { asymmetryOf, destinationOf, isOutbound, ownerText } from '../conditions';

const MEGABYTE = 1_000_000;

/** VMs that send much more out than they get. */
export const AN0991: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0991',
  strategy: 'DET0348',
  techniques: ['T1041'],
  platform: 'ESXi',
  title: 'VM that sends much to the outside over one session',
  text: 'One session of a VM sends more than TransferSizeThresholdMB and TrafficAsymmetryRatio times what it receives.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives: 'Backups, replication and uploads to providers.',
  mutable: {
    TransferSizeThresholdMB: 'Megabytes sent from which a session is told',
    TrafficAsymmetryRatio: 'How many times more it sends than it receives',
  },
  match(session, { values }) {
    const { sentBytes } = session;
    const ratio = asymmetryOf(session);
    if (session.ownerKind !== 'vm' || !isOutbound(session) || sentBytes === null || ratio === undefined)
      return undefined;
    if (sentBytes < values.TransferSizeThresholdMB * MEGABYTE || ratio < values.TrafficAsymmetryRatio) return undefined;
    const destination = destinationOf(session);
    const megabytes = Math.round(sentBytes / MEGABYTE);
    return {
      key: destination,
      text: `${ownerText(session)} sent ${megabytes} MB to ${destination}, ${ratio.toFixed(1)} times what it received`,
      terms: { destination, megabytes, ratio },
    };
  },
};
