import { addressOf } from './value';

/** Names in the text of screen messages and, where they differ, in the structured form. */
const SCREEN_NAMES: ReadonlyMap<string, string> = new Map([
  ['source', 'source-address'],
  ['destination', 'destination-address'],
  ['zone name', 'source-zone-name'],
  ['interface name', 'interface-name'],
  ['protocol-id', 'protocol-id'],
  ['action', 'action'],
]);

/** `ATTACK! source: A:p, destination: B:p, zone name: Z, interface name: IF, action: drop`; other parts are left. */
export function readScreen(text: string, fields: Map<string, string>): void {
  const end = text.indexOf('! ');
  if (end < 0) return;
  fields.set('attack-name', text.slice(0, end + 1));
  for (const part of text.slice(end + 2).split(', ')) {
    const colon = part.indexOf(': ');
    const name = SCREEN_NAMES.get(part.slice(0, colon).trim());
    if (name === undefined) continue;
    const value = part.slice(colon + 2).trim();
    if (!name.endsWith('-address')) fields.set(name, value);
    else readScreenHost(value, name.slice(0, -8), fields);
  }
}

/** `A`, `A:p`; an IPv6 address has no brackets, so that its last group is a port only where it is none of an address. */
function readScreenHost(value: string, side: string, fields: Map<string, string>): void {
  const colon = value.lastIndexOf(':');
  const bare = colon < 0 || (value.indexOf(':') !== colon && addressOf(value) !== undefined);
  fields.set(`${side}-address`, bare ? value : value.slice(0, colon));
  if (!bare) fields.set(`${side}-port`, value.slice(colon + 1));
}
