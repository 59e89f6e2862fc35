import { addressText } from '../../normalizer/model/address';

/** Canonical text of an address given as upper-case hex of its 4 or 16 bytes. */
export function textOfHex(hex: string): string {
  return addressText(Buffer.from(hex, 'hex'));
}
