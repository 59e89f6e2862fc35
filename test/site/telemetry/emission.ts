import type { RawFormat } from '../../../collectors/contract';
import type { Evidence } from '../truth';

/** What a record lets its reader know of one session. */
export interface Tell {
  readonly session: number;
  readonly what: Evidence;
}

/** One thing that a device says, as bytes on its wire, before any fault. */
export interface Emission {
  /** Site time at which it leaves the device. */
  readonly at: number;
  /** Name of the device, and the address it sends from. */
  readonly device: string;
  readonly from: string;
  readonly format: RawFormat;
  readonly bytes: Buffer;
  /** Which stream of the device: `netflow`, `nsel`, `syslog`, `snmp ifTable`, `command connection_list`. */
  readonly stream: string;
  readonly tells: readonly Tell[];
}

/** The clock of a device: wrong by a constant and a drift. */
export class DeviceClock {
  /** `epoch`: true UTC time of site time 0; `drift`: parts per million. */
  constructor(
    readonly epoch: number,
    readonly offset = 0,
    readonly drift = 0,
  ) {}

  /** UTC milliseconds that the device shows at a site time. */
  at(time: number): number {
    return Math.round(this.epoch + time * (1 + this.drift / 1e6) + this.offset);
  }
}
