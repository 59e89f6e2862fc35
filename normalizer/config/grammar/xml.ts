import { type ConfigNode, type ConfigTree, MAX_DEPTH, MAX_NODES, node } from '../config-node';

/** Longest text of one element that is kept. */
const MAX_TEXT = 4096;

interface Reading {
  readonly root: ConfigNode;
  readonly open: { readonly at: ConfigNode; readonly name: string; transparent: boolean }[];
  line: number;
  count: number;
  tooDeep: number;
}

/**
 * XML of pfSense, OPNsense and PAN-OS: elements, text, CDATA, comments; attributes only as far as they matter. An element
 * becomes a node of its name, its text a child of one word. PAN-OS's `<entry name="N">` becomes the word `N`, `<member>M</member>`
 * the word `M`: the same tree as its braces. No entities but the five of XML and character numbers, no DTD: a hostile
 * document expands to nothing.
 */
export function parseXml(lines: readonly string[]): ConfigTree {
  const text = lines.join('\n');
  const r: Reading = { root: node([], 0), open: [], line: 1, count: 0, tooDeep: 0 };
  let at = 0;
  while (at < text.length && r.count < MAX_NODES) {
    const open = text.indexOf('<', at);
    const end = open < 0 ? text.length : open;
    characters(r, text.slice(at, end));
    if (open < 0) break;
    at = markup(r, text, open);
  }
  return { root: r.root, incomplete: r.open.length > 0 || r.count >= MAX_NODES };
}

function advance(r: Reading, text: string): void {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) r.line++;
}

function characters(r: Reading, raw: string): void {
  const trimmed = raw.trim();
  const top = r.open.at(-1);
  if (trimmed !== '' && top !== undefined && r.tooDeep === 0) {
    const lead = raw.slice(0, raw.indexOf(trimmed[0] ?? ''));
    let line = r.line;
    for (const character of lead) if (character === '\n') line++;
    addText(r, decode(trimmed.slice(0, MAX_TEXT)), line);
  }
  advance(r, raw);
}

function addText(r: Reading, text: string, line: number): void {
  const top = r.open.at(-1);
  if (top === undefined) return;
  r.count++;
  top.at.children.push(node([text], line, top.at.active));
}

/** Reads the markup at `open`; the position behind it. */
function markup(r: Reading, text: string, open: number): number {
  if (text.startsWith('<!--', open)) return skipTo(r, text, open, '-->');
  if (text.startsWith('<![CDATA[', open)) {
    const end = text.indexOf(']]>', open);
    const value = text.slice(open + 9, end < 0 ? undefined : end);
    if (value !== '' && r.tooDeep === 0) addText(r, value.slice(0, MAX_TEXT), r.line);
    return skipTo(r, text, open, ']]>');
  }
  if (text.startsWith('<?', open)) return skipTo(r, text, open, '?>');
  if (text.startsWith('<!', open)) return skipTo(r, text, open, '>');
  const close = text.indexOf('>', open);
  const tag = text.slice(open + 1, close < 0 ? undefined : close);
  if (tag.startsWith('/')) endTag(r, tag.slice(1).trim());
  else startTag(r, tag);
  advance(r, text.slice(open, close < 0 ? text.length : close + 1));
  return close < 0 ? text.length : close + 1;
}

function skipTo(r: Reading, text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from);
  const next = end < 0 ? text.length : end + mark.length;
  advance(r, text.slice(from, next));
  return next;
}

function startTag(r: Reading, tag: string): void {
  const empty = tag.endsWith('/');
  const body = empty ? tag.slice(0, -1) : tag;
  const name = /^[^\s/>]*/.exec(body)?.[0] ?? '';
  if (name === '') return;
  if (r.open.length >= MAX_DEPTH) {
    if (!empty) r.tooDeep++;
    return;
  }
  r.count++;
  const parent = r.open.at(-1)?.at ?? r.root;
  if (name === 'member' && !empty) {
    r.open.push({ at: parent, name, transparent: true });
    return;
  }
  const entry = name === 'entry' ? attribute(body, 'name') : undefined;
  const made = node([entry ?? name], r.line, parent.active);
  const uuid = attribute(body, 'uuid');
  if (uuid !== undefined) made.children.push(withText('uuid', uuid, r.line));
  parent.children.push(made);
  if (!empty) r.open.push({ at: made, name, transparent: false });
}

function withText(name: string, text: string, line: number): ConfigNode {
  const made = node([name], line);
  made.children.push(node([text], line));
  return made;
}

/** Closes the element; one that was never opened is nothing, one that others left open closes those too. */
function endTag(r: Reading, name: string): void {
  if (r.tooDeep > 0) {
    r.tooDeep--;
    return;
  }
  const found = r.open.findLastIndex((each) => each.name === name);
  if (found < 0) return;
  while (r.open.length > found) {
    const closed = r.open.pop();
    if (closed !== undefined) closed.at.lastLine = Math.max(closed.at.lastLine, r.line);
  }
}

function attribute(tag: string, name: string): string | undefined {
  const from = tag.indexOf(` ${name}="`);
  if (from < 0) return undefined;
  const begin = from + name.length + 3;
  const end = tag.indexOf('"', begin);
  return end < 0 ? undefined : decode(tag.slice(begin, end));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
