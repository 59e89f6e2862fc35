import type { BlindKind, BlindSpot } from '../../store/analysis/blind-record';
import { blindExtent, blindSource } from '../../store/queries/blind-text';
import type { Asset } from '../../store/queries/coverage';
import type { Telemetry } from '../findings/contract';

/** A kind of telemetry of one asset of which not everything was told lately, and by whom. */
export interface Weakness {
  readonly telemetry: Telemetry;
  /** `stopped`: its one source is silent now. `gap`: some is missing, or one source of several is silent. */
  readonly why: 'stopped' | 'gap';
  /** Who, and how much: `session logs of fw1: 12 records are missing`. */
  readonly source: string;
  readonly remedy: string;
}

/** Of whom a kind of telemetry comes: the asset itself, those who export its flows, or any device of the site. */
type Teller = 'itself' | 'exporters' | 'any';

interface Told {
  readonly telemetry: Telemetry;
  readonly kinds: readonly BlindKind[];
  /** Kinds whose stated gaps may hide some of it, though their silence says nothing. */
  readonly mayHide?: readonly BlindKind[];
  readonly by: (asset: Pick<Asset, 'kind'>) => Teller | undefined;
}

const itself = ({ kind }: Pick<Asset, 'kind'>): Teller | undefined => (kind === 'vm' ? undefined : 'itself');
const itselfOrAny = ({ kind }: Pick<Asset, 'kind'>): Teller => (kind === 'device' ? 'itself' : 'any');

const TOLD: readonly Told[] = [
  { telemetry: 'flows', kinds: ['flow'], by: () => 'exporters' },
  { telemetry: 'session_logs', kinds: ['session_log', 'translation_log'], mayHide: ['log'], by: itselfOrAny },
  { telemetry: 'host_logs', kinds: ['log'], by: itself },
  { telemetry: 'commands', kinds: ['log'], by: itself },
  { telemetry: 'logins', kinds: ['log'], by: itself },
  { telemetry: 'sockets', kinds: ['poll'], by: itself },
  { telemetry: 'configurations', kinds: ['poll'], by: itselfOrAny },
  { telemetry: 'dns', kinds: ['name_log'], by: () => 'any' },
];

const REMEDIES: Readonly<Record<BlindKind, string>> = {
  flow: 'check the way of the exports, and the receive buffer: ascribe status, ascribe check --online',
  session_log: 'check the logging of the device, and send its log by TCP',
  translation_log: 'check the logging of the device, and send its log by TCP',
  lease_log: 'check the logging of the server, and send its log by TCP',
  name_log: 'check the logging of the server, and send its log by TCP',
  log: 'check the logging of the device, and send its log by TCP',
  poll: 'check that the device can be reached, and its credentials',
};

/**
 * What stretches without sight weaken of an asset, one entry for each source and kind of telemetry. `exporters`: names of the devices
 * that saw its sessions.
 */
export function weaknessesOf(asset: Asset, spots: readonly BlindSpot[], exporters: readonly string[]): Weakness[] {
  return TOLD.flatMap(({ telemetry, kinds, mayHide = [], by }) => {
    const teller = by(asset);
    if (teller === undefined) return [];
    const names = teller === 'itself' ? [asset.id] : teller === 'exporters' ? exporters : undefined;
    const meant = spots.filter(({ device, kind, reason }) => {
      // What our own receiver lost may have been of any source whose telemetry comes that way.
      if (reason === 'DROPPED') return kinds.includes(kind) || (kind === 'log' && !kinds.includes('flow') && !kinds.includes('poll'));
      const isHidden = mayHide.includes(kind) && reason === 'GAP';
      return (kinds.includes(kind) || isHidden) && (names === undefined || names.includes(device));
    });
    const bySource = new Map<string, BlindSpot[]>();
    for (const spot of meant) bySource.set(blindSource(spot), [...(bySource.get(blindSource(spot)) ?? []), spot]);
    return [...bySource].map(([source, all]) => weaknessOf(telemetry, source, all, names?.length === 1));
  });
}

function weaknessOf(telemetry: Telemetry, source: string, spots: readonly BlindSpot[], isOnly: boolean): Weakness {
  const open = spots.find(({ to, reason }) => to === null && (reason === 'SILENT' || reason === 'STALE'));
  const [latest] = spots as [BlindSpot];
  const told = `${source}: ${blindExtent(open ?? latest)}${spots.length > 1 ? `, ${spots.length} times` : ''}`;
  return {
    telemetry,
    why: open !== undefined && isOnly ? 'stopped' : 'gap',
    source: told,
    remedy: REMEDIES[latest.kind],
  };
}
