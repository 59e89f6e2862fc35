import { z } from 'zod';
import { SEVERITIES, type Severity } from './contract';
import type { FilterSettings } from './delivery/filter';
import { CHECKPOINTS } from './kinds/checkpoints';
import { FORMATS, KINDS, TRANSPORTS } from './registry';

const names = (values: readonly { readonly name: string }[]): [string, ...string[]] =>
  values.map(({ name }) => name) as [string, ...string[]];

const words = (about: string, example: readonly string[]) =>
  z.array(z.string().min(1)).min(1).optional().meta({ description: about, example });

const only = z
  .strictObject({
    owner: words('Sessions of these owners; * stands for any text', ['web-*']),
    owner_kind: words('Sessions of owners of these kinds', ['vm', 'unknown']),
    direction: words('Sessions of these directions: outbound, inbound, internal, transit, unknown', ['outbound']),
    encrypted: words('Sessions that are encrypted: yes, no, unknown', ['yes', 'unknown']),
    state: words('Sessions in these states: open, ended, denied, attempt', ['ended', 'denied']),
    device: words('Events and logs of these devices', ['edge-1']),
    min_severity: z
      .enum(Object.keys(SEVERITIES) as [Severity, ...Severity[]])
      .optional()
      .meta({ description: 'Records at least this severe', example: 'medium' }),
  })
  .prefault({})
  .describe('What of these is sent; nothing given: everything');

const transports = Object.fromEntries(
  TRANSPORTS.map(({ type, summary, config }) => [type, config.optional().describe(summary)]),
);

/** One destination as it is written; exactly one transport. */
export const destinationConfig = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u,
        'a name has letters, digits and . _ - and begins with one of the first two',
      )
      .meta({ description: 'Name of the destination: its cursor is kept under it', example: 'siem' }),
    send: z
      .array(z.enum(names(KINDS)))
      .min(1)
      .refine((kinds) => new Set(kinds).size === kinds.length, 'names a kind twice')
      .meta({ description: KINDS.map(({ name, summary }) => `${name}: ${summary}`).join('. '), example: ['sessions'] }),
    format: z
      .enum(names(FORMATS))
      .prefault('ecs')
      .describe(FORMATS.map(({ name, summary }) => `${name}: ${summary}`).join('. ')),
    checkpoints: z
      .boolean()
      .prefault(true)
      .describe('Signed checkpoints of the journal go here too, so that what is kept here proves later what was there'),
    start: z
      .enum(['oldest', 'now'])
      .prefault('oldest')
      .describe('Where a new destination begins: with what the store has, or with what comes'),
    only,
    ...transports,
  })
  .check((context) => {
    const { value } = context;
    const given = TRANSPORTS.filter(({ type }) => (value as Readonly<Record<string, unknown>>)[type] !== undefined);
    const fault = (message: string): void => void context.issues.push({ code: 'custom', message, input: value });
    const [transport] = given;
    if (transport === undefined) {
      fault(`names no way to send: one of ${TRANSPORTS.map(({ type }) => type).join(', ')}`);
    } else if (given.length > 1)
      fault(`names ${given.map(({ type }) => type).join(' and ')}: one destination, one way`);
    else {
      const format = FORMATS.find(({ name }) => name === value.format);
      if (format !== undefined && !transport.media.includes(format.medium)) {
        fault(`${transport.type} takes JSON: format ecs or ocsf, not ${format.name}`);
      }
    }
  });

/** One destination, ready to use: plain data, so that it can be handed to a thread. */
export interface DestinationSettings {
  readonly name: string;
  readonly send: readonly string[];
  readonly format: string;
  readonly start: 'oldest' | 'now';
  readonly only: FilterSettings;
  readonly transport: string;
  /** What the transport's schema made of its section. */
  readonly settings: unknown;
}

/** What a validated destination says, its one transport found. */
export function destinationSettings(written: z.output<typeof destinationConfig>): DestinationSettings {
  const { name, format, start, only } = written;
  const isAdded = written.checkpoints && !written.send.includes(CHECKPOINTS);
  const send = isAdded ? [...written.send, CHECKPOINTS] : written.send;
  const sections = written as Readonly<Record<string, unknown>>;
  const type = TRANSPORTS.find(({ type }) => sections[type] !== undefined)?.type ?? '';
  return { name, send, format, start, only, transport: type, settings: sections[type] };
}

/** The `forward` list: names are taken once. */
export const forwardConfig = z.array(destinationConfig).check((context) => {
  const seen = new Set<string>();
  for (const [index, { name }] of context.value.entries()) {
    if (seen.has(name)) {
      const message = `destination "${name}" is there already`;
      context.issues.push({ code: 'custom', message, input: name, path: [index, 'name'] });
    }
    seen.add(name);
  }
});

/** How `init` shows a destination. */
export const FORWARD_EXAMPLE = `name: siem
send: [sessions, events]
format: ecs
only: {direction: [outbound]}
elasticsearch:
  url: https://elastic.example.com:9200
  index: ascribe-%kind
  api_key: cred:elastic
`;
