import type { ObjectName } from './built-in.data';
import type { Catalogue } from './catalogue';
import type { Varbind } from './record';
import { ENUMERATIONS } from './traps.data';
import { addressOf, counterOf, dateAndTimeOf, integerOf, macOf, oidOf, textOf } from './values';

/** The varbinds of a notification by object name; the first of each. */
export class TrapValues {
  readonly #values = new Map<string, Varbind>();
  readonly #indexes = new Map<string, string>();
  readonly #catalogue: Catalogue;

  constructor(
    catalogue: Catalogue,
    readonly varbinds: readonly Varbind[],
  ) {
    this.#catalogue = catalogue;
    for (const varbind of varbinds) {
      const found = catalogue.instance(varbind[0]);
      if (found === undefined || this.#values.has(found.object.name)) continue;
      this.#values.set(found.object.name, varbind);
      this.#indexes.set(found.object.name, varbind[0].slice(found.at));
    }
  }

  get(name: ObjectName): Varbind | undefined {
    return this.#values.get(name);
  }

  /** The index an object came with, dotted; empty for a bare object. */
  index(name: ObjectName): string | undefined {
    return this.#indexes.get(name);
  }

  text(name: ObjectName): string | undefined {
    return textOf(this.#values.get(name));
  }

  integer(name: ObjectName): number | undefined {
    return integerOf(this.#values.get(name));
  }

  counter(name: ObjectName): bigint | undefined {
    return counterOf(this.#values.get(name));
  }

  address(...names: readonly ObjectName[]): string | undefined {
    for (const name of names) {
      const address = addressOf(this.#values.get(name));
      if (address !== undefined) return address;
    }
    return undefined;
  }

  /** A value as a fact keeps it, by the syntax of its object; enumerated values by name. */
  value(name: ObjectName): string | number | undefined {
    const varbind = this.#values.get(name);
    const oid = this.#catalogue.oid(name);
    const syntax = oid === undefined ? undefined : this.#catalogue.object(oid)?.syntax;
    if (varbind === undefined) return undefined;
    if (ENUMERATIONS[name] !== undefined) return enumeration(name, integerOf(varbind));
    if (name.endsWith('Addr')) return addressOf(varbind) ?? textOf(varbind);
    return plainValue(varbind, syntax);
  }
}

/** Name of an enumerated value; the number itself as text when the list does not have it. */
export function enumeration(name: ObjectName, value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return ENUMERATIONS[name]?.[value] || String(value);
}

/** Any value as text or number: by the object's syntax where it is known, else by its tag. */
export function plainValue(varbind: Varbind, syntax?: string): string | number | undefined {
  if (syntax === 'physAddress') return macOf(varbind) ?? textOf(varbind);
  if (syntax === 'dateAndTime') {
    const time = dateAndTimeOf(varbind);
    return time === undefined ? undefined : new Date(time.ms).toISOString();
  }
  if (syntax === 'ipAddress' || syntax === 'inetAddress') return addressOf(varbind);
  const number = integerOf(varbind);
  if (number !== undefined) return number;
  return counterOf(varbind)?.toString() ?? oidOf(varbind) ?? printable(varbind) ?? addressOf(varbind);
}

/** Text without anything that is none: other octets are shown as hexadecimal. */
function printable(varbind: Varbind): string | undefined {
  const [, tag, value] = varbind;
  if (tag !== 0x04 && tag !== 0x44) return undefined;
  const text = textOf(varbind);
  if (text !== undefined && !text.includes('\ufffd') && Buffer.byteLength(text) * 2 >= String(value).length - 2)
    return text;
  return typeof value === 'string' && value !== '' ? `0x${value}` : undefined;
}
