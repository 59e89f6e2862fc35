import { stringify } from 'yaml';
import { configJsonSchema, type JsonSchema, present } from './schema';

/** What `init` found out and writes as set; everything else stands as a commented default. */
export interface SampleSettings {
  readonly homeNetworks: readonly { readonly network: string; readonly from: string | undefined }[];
}

const HEADER = [
  '# Configuration of ascribe. A line that begins with "#" and no space behind it shows a default, or an example where',
  '# there is none: remove that "#" to set it. `ascribe check` says whether the file is right.',
  '',
];

/** A configuration with every key, its meaning and its default, made from the schema. */
export function sampleConfig(settings: SampleSettings): string {
  const lines = [...HEADER];
  for (const [key, schema] of Object.entries(configJsonSchema().properties ?? {})) {
    if (key === 'home_networks') lines.push(...about(schema, 0), ...homeNetworkLines(settings));
    else lines.push(...keyLines(key, schema, 0));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function homeNetworkLines({ homeNetworks }: SampleSettings): string[] {
  const entries = homeNetworks.map(({ network, from }) => `  - ${network}${from === undefined ? '' : ` # ${from}`}`);
  return ['home_networks:', ...entries];
}

/** The lines of one key: sections stay active, as an empty section has its defaults; values and lists are commented out. */
function keyLines(key: string, schema: JsonSchema, depth: number, item = false): string[] {
  const inner = present(schema);
  if (inner.properties !== undefined) {
    // An optional map with required keys is no section: it must be absent as a whole.
    const active = inner.required === undefined;
    return [...about(schema, depth), line(depth, `${key}:`, active), ...mapLines(inner, depth + 1)];
  }
  if (schema.sample !== undefined) {
    return [...about(schema, depth), line(depth, `${key}:`, false), ...sampleLines(schema.sample, depth + 1)];
  }
  if (inner.items?.properties !== undefined) {
    return [...about(schema, depth), line(depth, `${key}:`, false), ...itemLines(inner.items, depth + 1)];
  }
  const text = `${item ? '- ' : ''}${key}: ${flow(schema.default ?? schema.example)}`;
  const at = item ? depth - 1 : depth;
  return [...about(schema, at), line(at, text, false)];
}

/** One entry of a list as its collector shows it. */
function sampleLines(sample: string, depth: number): string[] {
  return sample
    .trimEnd()
    .split('\n')
    .map((text, i) => {
      const [lead = ''] = /^ */u.exec(text) ?? [];
      return i === 0 ? line(depth, `- ${text}`, false) : `${indent(depth + 1)}${lead}#${text.slice(lead.length)}`;
    });
}

function mapLines(schema: JsonSchema, depth: number): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => keyLines(key, value, depth));
}

/** One entry of a list of maps: its first key carries the hyphen. */
function itemLines(schema: JsonSchema, depth: number): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value], i) => keyLines(key, value, depth + 1, i === 0));
}

function about(schema: JsonSchema, depth: number): string[] {
  return schema.description === undefined ? [] : [`${indent(depth)}# ${schema.description}`];
}

function line(depth: number, text: string, active: boolean): string {
  return `${indent(depth)}${active ? '' : '#'}${text}`;
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}

/** A value on one line of YAML. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}
