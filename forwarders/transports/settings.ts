import { isIP } from 'node:net';
import { z } from 'zod';

/** Kinds of value that several transports' configurations have. */

/** A receiver: a name or an address, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+)):(\d{1,5})$/u;

/** Reads `siem.example.com:6514`, `192.0.2.1:514` or `[2001:db8::1]:514`; undefined for other text. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = HOST_AND_PORT.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port >= 1 && port <= 65_535)) return undefined;
  return match?.[1] !== undefined && isIP(host) !== 6 ? undefined : { host, port };
}

/** `to:` of transports that speak to one port. */
export const endpoint = (about: string, example: string) =>
  z
    .string()
    .transform((text, context): Endpoint => {
      const read = parseEndpoint(text);
      if (read !== undefined) return read;
      // Not what stands there: it may be a user and a password.
      const message = 'is not HOST:PORT (an IPv6 address in brackets)';
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    })
    .meta({ description: about, example });

/** `url:` of transports over HTTP; plain http only where the user wrote so. */
export const url = (about: string, example: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol), 'is no http or https URL')
    .refine((text) => !/^https?:\/\/[^/]*@/u.test(text), 'a user or password in a URL would be written here in clear')
    .refine(
      (text) => !/[?#]/u.test(text),
      'a query or fragment has no place here: a token in it would be written in clear',
    )
    .meta({ description: about, example });

const SECRET = /^(?:file|cred):.+$|^env:[A-Za-z_][A-Za-z0-9_]*$/su;

/** A secret by reference. */
export const secret = (about: string) =>
  z
    .string()
    .regex(SECRET, 'a secret is named by reference (file:PATH, env:NAME or cred:NAME), never written here')
    .meta({ description: about, example: 'cred:forward' });

/** `tls:` of every transport that can. */
export const tls = z
  .strictObject({
    ca: z.string().min(1).optional().meta({
      description: 'PEM of the authorities the receiver is checked by, instead of the public ones',
      example: 'tls/ca.pem',
    }),
    cert: z.string().min(1).optional().meta({
      description: 'PEM of our certificate, where the receiver wants one',
      example: 'tls/ascribe.pem',
    }),
    key: secret('Its key').optional(),
    server_name: z.string().min(1).optional().meta({
      description: "Name in the receiver's certificate, if not the one that is connected to",
      example: 'siem.example.com',
    }),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), 'cert and key go together')
  .describe('How the receiver is known, and we to it');

export type TlsSettings = z.output<typeof tls>;

/** Seconds after which an answer is given up; the batch is sent again. */
export const timeout = z
  .int()
  .min(1)
  .max(600)
  .prefault(30)
  .describe('Seconds to wait for an answer before the batch is sent again');
