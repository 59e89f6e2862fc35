import type { ObjectName, TableName } from './built-in.data';
import type { Catalogue, MibObject } from './catalogue';
import type { Varbind } from './record';
import { addressOf, counterOf, integerOf, macOf, octetsOf, oidOf, textOf } from './values';

/** One row of a table: its index and the columns that were answered. */
export class Row {
  readonly #cells = new Map<string, Varbind>();

  constructor(
    /** Sub-identifiers of the index. */
    readonly index: readonly number[],
    /** The index as text. */
    readonly key: string,
  ) {}

  set(column: string, varbind: Varbind): void {
    this.#cells.set(column, varbind);
  }

  has(column: ObjectName): boolean {
    return this.#cells.has(column);
  }

  get(column: ObjectName): Varbind | undefined {
    return this.#cells.get(column);
  }

  integer(column: ObjectName): number | undefined {
    return integerOf(this.#cells.get(column));
  }

  counter(column: ObjectName): bigint | undefined {
    return counterOf(this.#cells.get(column));
  }

  text(column: ObjectName): string | undefined {
    return textOf(this.#cells.get(column));
  }

  octets(column: ObjectName): Uint8Array | undefined {
    return octetsOf(this.#cells.get(column));
  }

  mac(column: ObjectName): string | undefined {
    return macOf(this.#cells.get(column));
  }

  address(column: ObjectName): string | undefined {
    return addressOf(this.#cells.get(column));
  }

  oid(column: ObjectName): string | undefined {
    return oidOf(this.#cells.get(column));
  }
}

/** The varbinds of one record, by table, row and column. */
export class TableRows {
  /** Varbinds under no object of the catalogue. */
  unknown = 0;
  /** Varbinds whose index is no list of numbers. */
  malformed = 0;
  readonly #catalogue: Catalogue;
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #scalars = new Map<string, Varbind>();
  /** Objects found in this record, in the order they first came: walks repeat that order. */
  readonly #seen: { readonly prefix: string; readonly object: MibObject }[] = [];
  #next = 0;

  constructor(catalogue: Catalogue, varbinds: readonly Varbind[]) {
    this.#catalogue = catalogue;
    for (const varbind of varbinds) this.#add(varbind);
  }

  /** Rows in the order of the walk. */
  rows(table: TableName): Iterable<Row> {
    return this.#tables.get(table)?.values() ?? [];
  }

  has(table: TableName): boolean {
    return this.#tables.has(table);
  }

  /** Number of rows. */
  count(table: TableName): number {
    return this.#tables.get(table)?.size ?? 0;
  }

  /** A scalar (instance `.0`). */
  scalar(name: ObjectName): Varbind | undefined {
    return this.#scalars.get(name);
  }

  /** Whether any scalar of this record is one of `names`. */
  hasScalar(...names: readonly ObjectName[]): boolean {
    return names.some((name) => this.#scalars.has(name));
  }

  #add(varbind: Varbind): void {
    // 0x80 to 0x82 say that there is no value.
    if (varbind[1] >= 0x80) return;
    const [oid] = varbind;
    const found = this.#find(oid);
    if (found === undefined) {
      this.unknown++;
      return;
    }
    const { object, prefix } = found;
    const key = oid.slice(prefix.length);
    if (object.table === undefined) {
      this.#scalars.set(object.name, varbind);
      return;
    }
    let rows = this.#tables.get(object.table);
    if (rows === undefined) this.#tables.set(object.table, (rows = new Map()));
    let row = rows.get(key);
    if (row === undefined) {
      const index = indexOf(key);
      if (index === undefined) {
        this.malformed++;
        return;
      }
      rows.set(key, (row = new Row(index, key)));
    }
    row.set(object.name, varbind);
  }

  #find(oid: string): { readonly prefix: string; readonly object: MibObject } | undefined {
    const seen = this.#seen;
    for (let i = 0; i < seen.length; i++) {
      const at = this.#next + i < seen.length ? this.#next + i : this.#next + i - seen.length;
      const candidate = seen[at];
      if (candidate === undefined || !oid.startsWith(candidate.prefix)) continue;
      this.#next = at;
      return candidate;
    }
    const instance = this.#catalogue.instance(oid);
    if (instance === undefined || instance.at > oid.length) return undefined;
    const found = { prefix: `${instance.object.oid}.`, object: instance.object };
    this.#next = seen.push(found) - 1;
    return found;
  }
}

/** The numbers of `1.10.0.0.33`; undefined for anything else. Sub-identifiers are below 2^32. */
export function indexOf(text: string): number[] | undefined {
  const parts: number[] = [];
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = (value < 0 ? 0 : value) * 10 + digit;
      if (value > 0xffff_ffff) return undefined;
    } else if (digit === -2 && value >= 0) {
      parts.push(value);
      value = -1;
    } else {
      return undefined;
    }
  }
  if (value < 0) return undefined;
  parts.push(value);
  return parts;
}
