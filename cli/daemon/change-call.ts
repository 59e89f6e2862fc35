import type { StoredRecord } from '../../collectors/contract';
import { tellsOfChange } from '../../normalizer/config/changes/change-notes';
import type { Fact } from '../../normalizer/model/facts';
import { peerAddressOf } from '../../normalizer/syslog/syslog-normalizer';

/** A device that told that its configuration changed: its name, and the address that told; one may be empty. */
export interface ChangedDevice {
  readonly device: string;
  readonly address: string;
}

/** A change that was told longer ago is not worth a visit of its own: after a stop everything is read anyway. */
const FRESH_MS = 15 * 60_000;
const MAX_DEVICES = 4096;

/**
 * The devices whose logs, or whose answers by SNMP, say that their configuration was changed. Each line that somebody types is
 * told; a device is named once for all that came since it was named last. When it is read, and how often at most, is the
 * collector's affair.
 */
export class ChangeCall {
  readonly #now: () => number;
  readonly #changed = new Map<string, ChangedDevice>();

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  fact(fact: Fact, record: StoredRecord | undefined): void {
    if (fact.fact !== 'event' || record === undefined || !tellsOfChange(fact)) return;
    const { format, peer } = record.origin;
    if (format !== 'syslog' && format !== 'snmp') return;
    if (this.#now() - record.receivedAt > FRESH_MS || this.#changed.size >= MAX_DEVICES) return;
    const changed = { device: fact.device, address: peerAddressOf(peer) };
    this.#changed.set(`${changed.device} ${changed.address}`, changed);
  }

  /** Those named since the last call. */
  take(): readonly ChangedDevice[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }
}
