import { z } from 'zod';
import { AllowList } from '../udp/allow-list';
import { parseListenList, type ListenAddress } from '../udp/listen-address';
import { UDP_DEFAULTS } from '../udp/udp-listener';
import type { ConnectionLimits } from './connection-table';
import type { StreamSettings } from './stream-port';
import type { TlsFiles } from './tls-files';
import { TlsClients } from './tls-identity';

/** What the TLS listeners are made with. */
export interface TlsSettings {
  readonly listen: readonly ListenAddress[];
  readonly files: TlsFiles;
  readonly clients: TlsClients;
  readonly handshakeMs: number;
}

/** What the syslog receiver is made with. */
export interface SyslogSettings extends ConnectionLimits, StreamSettings {
  readonly udp: readonly ListenAddress[];
  readonly tcp: readonly ListenAddress[];
  readonly tls: TlsSettings | undefined;
  readonly receiveBufferBytes: number;
  readonly refusedSampleBytes: number;
  /** How long `stop` waits for connections to fall quiet and for `offer` to take what they brought. */
  readonly stopMs: number;
}

const endpoints = z
  .array(z.union([z.int(), z.string()]))
  .transform((entries, context): readonly ListenAddress[] =>
    orIssue(context, entries, () => parseListenList(entries.map((entry) => bare(entry)))),
  );

const allow = z
  .array(z.string())
  .transform((rules, context): AllowList =>
    orIssue(context, rules, () => (rules.length === 0 ? AllowList.everyone : AllowList.parse(rules))),
  )
  .prefault([])
  .describe('Senders that may send (addresses, networks); empty: everyone');

const clients = z
  .array(z.string())
  .transform((entries, context): TlsClients => orIssue(context, entries, () => new TlsClients(entries)))
  .prefault([])
  .describe(
    'TLS clients that may send: names (*.example.com for one label), addresses, sha256:FINGERPRINT; empty: all of the CA',
  );

const tls = z.strictObject({
  listen: endpoints.prefault(['*:6514']).describe('Where TLS connections arrive'),
  cert: z
    .string()
    .min(1)
    .meta({ description: 'PEM file of the certificate chain', example: '/etc/ascribe/tls/cert.pem' }),
  key: z.string().min(1).meta({ description: 'PEM file of the private key', example: '/etc/ascribe/tls/key.pem' }),
  ca: z.string().min(1).optional().meta({
    description: 'PEM file of the CA of the clients; without it only listed fingerprints may send',
    example: '/etc/ascribe/tls/ca.pem',
  }),
  clients,
  handshake_timeout: z.int().min(1).max(600).prefault(10).describe('Seconds for a handshake'),
});

const size = (fallback: number, least: number, most: number) =>
  z
    .union([z.int(), z.string()])
    .transform((written, context): number => orIssue(context, written, () => bytesOf(written)))
    .pipe(z.int().min(least).max(most))
    .prefault(fallback);

/** The configuration section of the syslog receiver, as written and as used. */
export const syslogConfig = z
  .strictObject({
    udp: endpoints.prefault(['*:5514']).describe('Where datagrams arrive; * is every IPv4 and IPv6 address'),
    tcp: endpoints.prefault(['*:5514']).describe('Where plain TCP connections arrive, octet counting and lines alike'),
    tls: tls.optional().describe('TLS listeners with client certificates (RFC 5425)'),
    allow,
    receive_buffer: size(UDP_DEFAULTS.receiveBufferBytes, 65_536, 2 ** 30).describe(
      'Kernel receive buffer of each UDP socket; net.core.rmem_max caps it',
    ),
    refused_sample: z
      .int()
      .min(0)
      .max(1500)
      .prefault(UDP_DEFAULTS.refusedSampleBytes)
      .describe('How many bytes of the latest datagram of each refused sender to show in `status`; 0 keeps none'),
    // RFC 5425 section 4.3.1: at least 2048, should be 8192.
    max_message: size(65_536, 2048, 16 * 1024 ** 2).describe(
      'Longest message over TCP and TLS; longer ones are cut and counted',
    ),
    join_lines: z
      .boolean()
      .prefault(false)
      .describe('Over TCP and TLS a line without a priority continues the message before it'),
    max_connections: z.int().min(1).max(65_535).prefault(1024).describe('TCP and TLS connections in all'),
    max_connections_per_peer: z.int().min(1).max(65_535).prefault(64).describe('Of these, from one address'),
    idle_timeout: z
      .int()
      .min(0)
      .max(31_536_000)
      .prefault(0)
      .describe(
        'Seconds without an octet after which a connection is closed; 0 never (an ASA may stop traffic when its log server goes)',
      ),
    stop_timeout: z.int().min(0).max(600).prefault(5).describe('Seconds to wait for open connections at the end'),
  })
  .transform((written): SyslogSettings => ({
    udp: written.udp,
    tcp: written.tcp,
    tls: tlsSettings(written.tls),
    allow: written.allow,
    receiveBufferBytes: written.receive_buffer,
    refusedSampleBytes: written.refused_sample,
    framing: { maxMessageBytes: written.max_message, joinLines: written.join_lines },
    maxConnections: written.max_connections,
    maxConnectionsPerPeer: written.max_connections_per_peer,
    idleMs: written.idle_timeout * 1000,
    peerLimit: UDP_DEFAULTS.peerLimit,
    stopMs: written.stop_timeout * 1000,
  }));

function tlsSettings(written: z.output<typeof tls> | undefined): TlsSettings | undefined {
  if (written === undefined) return undefined;
  const { listen, cert, key, ca } = written;
  return { listen, files: { cert, key, ca }, clients: written.clients, handshakeMs: written.handshake_timeout * 1000 };
}

/** `tcp://*:514` is `*:514`: the key says the protocol. */
function bare(entry: string | number): string | number {
  return typeof entry === 'string' ? entry.replace(/^(?:udp|tcp|tls):\/\//, '') : entry;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function bytesOf(written: string | number): number {
  const match = /^(\d{1,12}) ?(KiB|MiB|GiB|)$/.exec(String(written));
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) throw new RangeError(`"${written}" is not a size (write 64KiB)`);
  return Number(match[1]) * unit;
}

/** Runs a parser that throws; what it throws becomes a finding at this place in the configuration. */
function orIssue<T>(context: z.core.$RefinementCtx, input: unknown, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    context.issues.push({ code: 'custom', message: (error as Error).message, input });
    return z.NEVER;
  }
}
