import { addressBytes, addressText } from '../../normalizer/model/address';
import { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';

/** Texts remembered: addresses repeat, and a session asks for each several times. */
const REMEMBERED = 50_000;
const texts = new Map<string, string>();

/** Canonical text of an address in hex. */
export function textOf(hex: string): string {
  let text = texts.get(hex);
  if (text === undefined) {
    if (texts.size >= REMEMBERED) texts.clear();
    text = addressText(Buffer.from(hex, 'hex'));
    texts.set(hex, text);
  }
  return text;
}

/** Upper-case hex of an address text; undefined when it is none. */
export function hexOf(text: string): string | undefined {
  const bytes = addressBytes(text);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('hex').toUpperCase();
}

/** `10.0.0.5:50000`, `[2001:db8::1]:443`; the address alone without a port. */
export function socketText(hex: string, port: number | null): string {
  const text = textOf(hex);
  if (port === null) return text;
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** An address in hex and perhaps a port. */
export interface Place {
  readonly address: string;
  readonly port: number | null;
}

const PLACE = /^(?:\[([0-9a-fA-F:.]+)\]|([\d.]+)):(\d{1,5})$/u;

/** Reads `10.0.0.5:50000`, `[2001:db8::1]:443`, `10.0.0.5` or `2001:db8::1`; undefined for other text. */
export function readPlace(text: string): Place | undefined {
  const match = PLACE.exec(text);
  const address = hexOf(match?.[1] ?? match?.[2] ?? text.replace(/^\[(.*)\]$/u, '$1'));
  if (address === undefined) return undefined;
  return { address, port: match?.[3] === undefined ? null : Number(match[3]) };
}

/** Names under which binding keys may speak of a protocol: `TCP`, and `6` where it has no name. */
export function protocolName(protocol: number): string {
  return (PROTOCOL_NAMES[protocol] ?? String(protocol)).toUpperCase();
}
