import { fieldKey, MAX_FIELDS, MAX_ROWS, type Row, type Rows } from './row';

/**
 * `esxcli --formatter=xml`:
 *
 *     <output …><root><list type="structure"><structure typeName="VirtualMachine">
 *       <field name="ConfigFile"><string>…</string></field> …
 *
 * and the answers of the same commands through the host's API:
 *
 *     <obj …><DataObject xsi:type="VimEsxCLI…"><IPAddress>192.0.2.1</IPAddress> …
 *
 * A scanner for these two shapes: no entities but the five of XML and numbers, no DTD, nothing is resolved.
 */
export function xmlRows(text: string): Rows {
  const scan = new XmlScan(text);
  return scan.rows();
}

interface OpenElement {
  readonly name: string;
  readonly field: string | undefined;
  /** It is a row: `structure`, `DataObject`, or an `obj` that has its fields itself. */
  readonly isRow: boolean;
}

const MAX_DEPTH = 64;
const ROWS: ReadonlySet<string> = new Set(['structure', 'DataObject', 'obj']);
const PLUMBING: ReadonlySet<string> = new Set(['output', 'root', 'list', 'obj', 'DataObject', 'structure', 'field']);

class XmlScan {
  readonly #text: string;
  readonly #rows: Row[] = [];
  readonly #open: OpenElement[] = [];
  /** One for each row that is open: structures may lie inside of others. */
  readonly #current: Map<string, string>[] = [];

  /** The first text outside of any row. */
  #word = '';

  constructor(text: string) {
    this.#text = text;
  }

  rows(): Rows {
    const text = this.#text;
    let at = 0;
    while (this.#rows.length < MAX_ROWS) {
      const tag = text.indexOf('<', at);
      if (tag < 0) return this.#open.length === 0 ? { rows: this.#rowsOrWord() } : this.#damaged(at);
      this.#content(text.slice(at, tag));
      if (text.startsWith('<!--', tag)) {
        const end = text.indexOf('-->', tag);
        if (end < 0) return this.#damaged(tag);
        at = end + 3;
        continue;
      }
      const end = text.indexOf('>', tag);
      if (end < 0 || this.#open.length > MAX_DEPTH) return this.#damaged(tag);
      if (!this.#tag(text.slice(tag + 1, end))) return this.#damaged(tag);
      at = end + 1;
    }
    return { rows: this.#rows, damage: { reason: 'esxi_too_many_rows', offset: at } };
  }

  /** Some commands answer one word or number. */
  #rowsOrWord(): readonly Row[] {
    return this.#rows.length === 0 && this.#word !== '' ? [new Map([['value', this.#word]])] : this.#rows;
  }

  #damaged(offset: number): Rows {
    return { rows: this.#rows, damage: { reason: 'esxi_xml_damaged', offset } };
  }

  /** Takes a tag's inside; false for an end tag that fits nothing open. */
  #tag(inside: string): boolean {
    if (inside.startsWith('?') || inside.startsWith('!')) return true;
    if (inside.startsWith('/')) return this.#close(inside.slice(1).trim());
    const closed = inside.endsWith('/');
    const body = closed ? inside.slice(0, -1) : inside;
    const space = body.search(/\s/u);
    const name = space < 0 ? body : body.slice(0, space);
    const isRow = ROWS.has(name);
    const field = name === 'field' ? attribute(body, 'name') : undefined;
    this.#open.push({ name, field, isRow });
    if (isRow) this.#current.push(new Map());
    return closed ? this.#close(name) : true;
  }

  #close(name: string): boolean {
    const element = this.#open.pop();
    if (element?.name !== name) return false;
    if (!element.isRow) return true;
    const row = this.#current.pop();
    if (row !== undefined && row.size > 0) this.#rows.push(row);
    return true;
  }

  #content(raw: string): void {
    const row = this.#current.at(-1);
    const element = this.#open.at(-1);
    if (row === undefined && this.#word === '' && raw.length < 1024) this.#word = unescaped(raw).trim();
    if (row === undefined || element === undefined || raw === '' || row.size >= MAX_FIELDS) return;
    const value = unescaped(raw);
    if (value.trim() === '') return;
    const key = fieldKey(this.#fieldName() ?? '');
    if (key === '') return;
    const before = row.get(key);
    row.set(key, before === undefined ? value : `${before}, ${value}`);
  }

  /** The field that the innermost element stands in: `<field name>` around it, or the element itself. */
  #fieldName(): string | undefined {
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const element = this.#open[i];
      if (element?.field !== undefined) return element.field;
      if (element === undefined || element.isRow) break;
    }
    const name = this.#open.at(-1)?.name;
    return name === undefined || PLUMBING.has(name) ? undefined : name;
  }
}

function attribute(tag: string, name: string): string | undefined {
  const at = tag.indexOf(` ${name}=`);
  const quote = tag[at + name.length + 2];
  if (at < 0 || (quote !== '"' && quote !== "'")) return undefined;
  const from = at + name.length + 3;
  const end = tag.indexOf(quote, from);
  return end < 0 ? undefined : unescaped(tag.slice(from, end));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  let at = text.indexOf('&');
  if (at < 0) return text;
  let kept = '';
  let from = 0;
  while (at >= 0) {
    const end = text.indexOf(';', at);
    if (end < 0) break;
    const character = entity(text.slice(at + 1, end));
    if (character !== undefined) {
      kept += text.slice(from, at) + character;
      from = end + 1;
    }
    at = text.indexOf('&', Math.max(at + 1, from));
  }
  return kept + text.slice(from);
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10_ffff && name.length <= 8 ? String.fromCodePoint(code) : undefined;
}
