import { BUILT_IN_MODULES } from './built-in.data';

/** How a part of an index is written in an OID (RFC 2578 section 7.7). */
export const INDEX_KINDS = [
  /** One sub-identifier. */
  'integer',
  'timeTicks',
  /** Four sub-identifiers. */
  'ipAddress',
  /** Six sub-identifiers, no length. */
  'macAddress',
  /** Sixteen sub-identifiers, no length (IPV6-MIB). */
  'ipv6Address',
  /** Type, length, octets (RFC 4001): two parts of an index in one. */
  'inetAddress',
  /** Length, octets. */
  'octets',
  /** Length, sub-identifiers. */
  'objectId',
] as const;

export type IndexKind = (typeof INDEX_KINDS)[number];

/** One MIB module as the catalogue describes it: facts only, no text of the document. */
export interface MibModule {
  readonly module: string;
  /** The document that defines it: an RFC, an IEEE standard, or the vendor's module. */
  readonly source: string;
  readonly scalars: Readonly<Record<string, { readonly oid: string; readonly syntax: string }>>;
  readonly tables: Readonly<Record<string, MibTable>>;
  readonly notifications: Readonly<Record<string, { readonly oid: string; readonly objects: readonly string[] }>>;
}

export interface MibTable {
  /** OID of the row (`ifEntry`), above the columns. */
  readonly oid: string;
  readonly index: readonly string[];
  readonly columns: Readonly<Record<string, { readonly id: number; readonly syntax: string }>>;
}

/** A column or scalar as found by its OID. */
export interface MibObject {
  readonly name: string;
  readonly oid: string;
  readonly syntax: string;
  /** The table of a column; absent for a scalar. */
  readonly table?: string;
  readonly module: string;
}

/** A catalogue text that is not one. */
export class CatalogueError extends Error {
  readonly code = 'mib_catalogue';
}

/** Names by OID and back. Modules given later win over earlier ones. */
export class Catalogue {
  readonly #objects = new Map<string, MibObject>();
  readonly #notifications = new Map<string, string>();
  readonly #oids = new Map<string, string>();

  constructor(readonly modules: readonly MibModule[] = BUILT_IN_MODULES) {
    for (const module of modules) this.#add(module);
  }

  /** The object whose OID is `oid` exactly, without instance. */
  object(oid: string): MibObject | undefined {
    return this.#objects.get(oid);
  }

  /** The object that `oid` is an instance of, and where its index begins in the text (past the end: none). */
  instance(oid: string): { readonly object: MibObject; readonly at: number } | undefined {
    for (let end = oid.length; end > 0; end = oid.lastIndexOf('.', end - 1)) {
      const object = this.#objects.get(oid.slice(0, end));
      if (object !== undefined) return { object, at: end + 1 };
    }
    return undefined;
  }

  /** Name of a notification by the value of snmpTrapOID. */
  notification(oid: string): string | undefined {
    return this.#notifications.get(oid);
  }

  /** OID of a table's row, an object or a notification by name. */
  oid(name: string): string | undefined {
    return this.#oids.get(name);
  }

  #add({ module, scalars, tables, notifications }: MibModule): void {
    for (const [name, { oid, syntax }] of Object.entries(scalars)) this.#object({ name, oid, syntax, module });
    for (const [table, { oid: row, columns }] of Object.entries(tables)) {
      this.#oids.set(table, row);
      for (const [name, { id, syntax }] of Object.entries(columns)) {
        this.#object({ name, oid: `${row}.${id}`, syntax, table, module });
      }
    }
    for (const [name, { oid }] of Object.entries(notifications)) {
      this.#notifications.set(oid, name);
      this.#oids.set(name, oid);
    }
  }

  #object(object: MibObject): void {
    this.#objects.set(object.oid, object);
    this.#oids.set(object.name, object.oid);
  }
}

/** Reads the JSON text of one module; `name` is for the error. Throws `CatalogueError`. */
export function readModule(text: string, name: string): MibModule {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CatalogueError(`${name}: not JSON`, { cause });
  }
  const fault = moduleFault(value);
  if (fault !== undefined) throw new CatalogueError(`${name}: ${fault}`);
  return value as MibModule;
}

const OID = /^[0-2](?:\.\d{1,10}){1,127}$/;

function moduleFault(value: unknown): string | undefined {
  if (!isRecord(value)) return 'an object is expected';
  if (typeof value['module'] !== 'string' || typeof value['source'] !== 'string') return 'module and source are texts';
  const { scalars, tables, notifications } = value;
  if (!isRecord(scalars) || !isRecord(tables) || !isRecord(notifications)) {
    return 'scalars, tables and notifications are objects';
  }
  return (
    firstFault(scalars, (scalar) =>
      hasOid(scalar) && typeof scalar['syntax'] === 'string' ? undefined : 'oid, syntax',
    ) ??
    firstFault(tables, tableFault) ??
    firstFault(notifications, (item) => (hasOid(item) && isTexts(item['objects']) ? undefined : 'oid, objects'))
  );
}

function tableFault(table: Record<string, unknown>): string | undefined {
  const { index, columns } = table;
  if (!hasOid(table) || !isTexts(index) || !isRecord(columns)) return 'oid, index, columns';
  const unknown = index.find((kind) => !(INDEX_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined) return `index kind ${unknown} is not known`;
  return firstFault(columns, ({ id, syntax }) =>
    Number.isInteger(id) && typeof syntax === 'string' ? undefined : 'id, syntax',
  );
}

function firstFault(
  items: Record<string, unknown>,
  faultOf: (item: Record<string, unknown>) => string | undefined,
): string | undefined {
  for (const [name, item] of Object.entries(items)) {
    const fault = isRecord(item) ? faultOf(item) : 'an object is expected';
    if (fault !== undefined) return `${name}: ${fault}`;
  }
  return undefined;
}

function hasOid(item: Record<string, unknown>): boolean {
  return typeof item['oid'] === 'string' && OID.test(item['oid']);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
