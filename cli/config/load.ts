import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parse as parseYaml,
  parseDocument,
  type Document,
} from 'yaml';
import { crossFindings } from './cross-checks';
import { type ConfigPath, type Finding, findings, pathText } from './faults';
import { knownDevices } from './known-devices';
import { type Config, configSchema, TRAPS_ALONE } from './schema';
import { codeOf, messageOf } from '../thrown';

/** One fault at its place. Line and column begin at 1; line 0 means the file as a whole. */
export interface ConfigFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** Every fault of a configuration, in the order of the file. The message has one line for each. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';

  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map(faultText).join('\n'));
  }
}

/** `file:line:column: path: message`, as editors and people jump to it. */
export function faultText(fault: ConfigFault): string {
  if (fault.line === 0) return `${fault.file}: ${fault.message}`;
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.path}: ${fault.message}`;
}

export interface LoadedConfig {
  readonly config: Config;
  /** What was written, as plain data: for threads, which make their own settings of it. */
  readonly written: unknown;
  /** Absolute data directory. */
  readonly dataDirectory: string;
  /** The file it was read from; undefined when there is none and the defaults hold. */
  readonly file: string | undefined;
  /** Where relative paths of the configuration start. */
  readonly directory: string;
}

export interface LoadOptions {
  /** `--config`: must exist. Without it `./ascribe.yaml`, then `/etc/ascribe/ascribe.yaml` is read if there. */
  readonly file?: string | undefined;
  /** `--data`: wins over the configured directory. */
  readonly dataDirectory?: string | undefined;
  readonly cwd: string;
}

const SYSTEM_FILE = '/etc/ascribe/ascribe.yaml';
const LARGEST_FILE = 4 * 2 ** 20;

/** Reads and validates the configuration. Throws `ConfigError` with all faults at once. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { cwd } = options;
  const file = options.file ?? ['ascribe.yaml', SYSTEM_FILE].find((path) => existsSync(resolve(cwd, path)));
  if (file === undefined) return finish(configSchema.parse({}), {}, undefined, cwd, options);
  const text = readText(file, resolve(cwd, file));
  return finish(parseConfig(text, file), parseYaml(text), file, dirname(resolve(cwd, file)), options);
}

function finish(
  config: Config,
  written: unknown,
  file: string | undefined,
  directory: string,
  options: LoadOptions,
): LoadedConfig {
  const dataDirectory =
    options.dataDirectory === undefined ? resolve(directory, config.data) : resolve(options.cwd, options.dataDirectory);
  const collectors = setsCollectors(written) ? config.collectors : { ...config.collectors, snmp: TRAPS_ALONE };
  const devices = knownDevices({ ...config, collectors });
  return { config: { ...config, collectors, devices }, written, dataDirectory, file, directory };
}

/** Whether anything is set under `collectors`: keys without a value are none. */
function setsCollectors(written: unknown): boolean {
  const collectors = (written as { readonly collectors?: unknown } | null)?.collectors;
  if (typeof collectors !== 'object' || collectors === null) return false;
  return Object.values(collectors).some((value) => value !== null);
}

function readText(file: string, path: string): string {
  try {
    if (statSync(path).size > LARGEST_FILE) throw wholeFile(file, 'is larger than 4 MiB: not a configuration');
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = codeOf(error) ?? messageOf(error);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw wholeFile(file, 'is not UTF-8 text');
    throw wholeFile(file, code === 'ENOENT' ? 'no such file' : `cannot be read: ${code}`);
  }
}

function wholeFile(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: 0, column: 0, path: '', message }]);
}

/** Validates the text of a configuration; `file` only names it in faults. Throws `ConfigError`. */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, path: string, message: string): ConfigFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), path, message };
  };
  const syntax = [...document.errors, ...document.warnings].map((error) =>
    at(error.pos[0], '(YAML)', error.message.split('\n', 1)[0] ?? ''),
  );
  if (syntax.length > 0) throw new ConfigError(syntax);
  const input = plainValue(document, file);
  const result = configSchema.safeParse(input);
  const found = [...(result.success ? [] : findings(result.error.issues, input)), ...crossFindings(input)];
  if (result.success && found.length === 0) return result.data;
  const faults = found.map((finding) => at(offsetOf(document, finding), pathText(finding.path), finding.message));
  throw new ConfigError(faults.sort((a, b) => a.line - b.line || a.column - b.column));
}

/** What the document holds; an empty one is an empty map. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw wholeFile(file, messageOf(error));
  }
}

/** Offset of the key or value a finding points at; of the nearest place above it that exists. */
function offsetOf(document: Document, finding: Finding): number {
  const { path } = finding;
  for (let depth = path.length; depth >= 0; depth--) {
    const part = path.slice(0, depth);
    // A missing key has no place of its own; its map is pointed at by the key it stands under.
    const wantsKey = finding.at === 'key' || depth < path.length;
    const node = (wantsKey ? keyNode(document, part) : undefined) ?? nodeAt(document, part);
    const offset = isNode(node) ? node.range?.[0] : undefined;
    if (offset !== undefined) return offset;
  }
  return 0;
}

function nodeAt(document: Document, path: ConfigPath): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function keyNode(document: Document, path: ConfigPath): Node | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  const key = path.at(-1);
  if (!isMap(parent) || key === undefined) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isNode(pair?.key) ? pair.key : undefined;
}
