import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { check } from 'recheck';
import { listedPatterns, pattern } from '../../../normalizer/syslog/patterns';
import verified from './recheck-verified.json';

const FOLDER = join(__dirname, '../../../normalizer/syslog');
const VERIFIED = join(__dirname, 'recheck-verified.json');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Regular expressions of a syntax tree: those handed to `pattern`, and those that are not. */
function expressionsIn(node: unknown, listed: string[], loose: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, callee, value, pattern: source } = node as Record<string, unknown>;
  if (type === 'RegExpLiteral') loose.push(String(source));
  if ((type === 'NewExpression' || type === 'CallExpression') && nameOf(callee) === 'RegExp') loose.push('RegExp()');
  if (type === 'CallExpression' && nameOf(callee) === 'pattern') {
    listed.push(String(value));
    return;
  }
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const each of child) expressionsIn(each, listed, loose);
    else expressionsIn(child, listed, loose);
  }
}

function nameOf(callee: unknown): unknown {
  return typeof callee === 'object' && callee !== null && 'value' in callee ? callee.value : undefined;
}

/** Whether a `|` stands outside all groups and classes. */
function branchesAtTop(source: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const character = source[i];
    if (character === '\\') i++;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (!inClass && character === '(') depth++;
    else if (!inClass && character === ')') depth--;
    else if (!inClass && depth === 0 && character === '|') return true;
  }
  return false;
}

beforeAll(async () => {
  for (const name of files) await import(join(FOLDER, name));
});

describe('regular expressions of normalizer/syslog', () => {
  test.each(files)('%s makes all of its own by `pattern`', (name) => {
    const tree = parseSync(readFileSync(join(FOLDER, name), 'utf8'), { syntax: 'typescript' });
    const loose: string[] = [];
    expressionsIn(tree, [], loose);
    expect(loose).toEqual([]);
  });

  test('no alternative escapes the anchor', () => {
    const escaped = [...listedPatterns()].filter(([, { source, sticky }]) => !sticky && branchesAtTop(source));
    expect(escaped.map(([name]) => name)).toEqual([]);
  });

  test('none can be made to run for long', async () => {
    const known = new Set(verified);
    const unsafe: string[] = [];
    for (const [name, { source, flags }] of listedPatterns()) {
      const key = `/${source}/${flags}`;
      if (known.has(key)) continue;
      // `y` tries one place only, as an anchor does.
      const anchored = flags.includes('y') ? `^(?:${source})` : source;
      const found = await check(anchored, flags.replace('y', ''), { timeout: 20_000 });
      if (found.status === 'safe') known.add(key);
      else unsafe.push(`${name}: ${found.status} ${found.status === 'vulnerable' ? found.complexity.summary : ''}`);
    }
    if (process.env['UPDATE_VERIFIED_PATTERNS'] === '1') writeFileSync(VERIFIED, keptOf(known));
    expect(unsafe).toEqual([]);
  }, 600_000);
});

/** The verified list for the patterns there are now. */
function keptOf(known: ReadonlySet<string>): string {
  const now = [...listedPatterns().values()].map(({ source, flags }) => `/${source}/${flags}`);
  return `${JSON.stringify([...new Set(now.filter((key) => known.has(key)))].sort(), null, 2)}\n`;
}

describe('pattern', () => {
  test.each([
    ['a name used twice', 'header_tag', /^x/],
    ['the g flag', 'test_g', /^x/g],
    ['no anchor', 'test_anchor', /x/],
  ])('refuses %s', (_, name, expression) => expect(() => pattern(name, expression)).toThrow(TypeError));
});
