import fc from 'fast-check';
import { type Transport, TransportError } from '../../../forwarders/contract';
import { transportNamed } from '../../../forwarders/registry';
import { masked } from '../../../forwarders/transports/masked';
import { HttpFake } from '../receivers/http-fake';

const CONTEXT = { directory: '/', hostname: 'collector', version: '0' };
const SIGNAL = new AbortController().signal;

/** A transport that says what it is told to, after it has asked for its secret. */
function saying(secret: string, words: string): Transport {
  return masked(
    (context) => ({
      send: () => {
        context.secret('cred:x');
        return Promise.reject(new TransportError('denied', 'http_401', words, { cause: new Error(words) }));
      },
      probe: () => Promise.resolve(context.secret('cred:x') === '' ? '' : words),
      close: () => Promise.resolve(),
    }),
    { ...CONTEXT, secret: () => secret },
  );
}

test('a secret is in no message, as it is, in a URL, in JSON or inside base64', async () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
    .filter((text) => !/^\s|[*]|\s$/u.test(text));
  await fc.assert(
    fc.asyncProperty(secret, fc.string({ maxLength: 5 }), async (value, user) => {
      const basic = Buffer.from(`${user}:${value}\0more`).toString('base64');
      const words = `<${value}> <${encodeURIComponent(value)}> ${JSON.stringify({ p: value })} ${basic}`;
      const error: unknown = await saying(value, words)
        .send([], SIGNAL)
        .catch((thrown: unknown) => thrown);
      const shown = error instanceof TransportError ? error.message : '';
      expect(shown).toContain('***');
      expect(shown).not.toContain(value);
      expect(shown).not.toContain(encodeURIComponent(value));
      expect(shown).not.toContain(Buffer.from(`${user}:${value}`).toString('base64').slice(0, -4));
      expect((error as Error).cause).toBeUndefined();
      expect(await saying(value, words).probe(SIGNAL)).toBe(shown);
    }),
  );
});

const RECEIVER = (url: string) =>
  [
    ['splunk_hec', { url, token: 'cred:hec' }],
    ['elasticsearch', { url, api_key: 'cred:elastic' }],
    ['elasticsearch', { url, user: 'ascribe', password: 'cred:elastic' }],
    ['otlp_http', { url, header: 'X-Token', header_value: 'cred:otlp' }],
    [
      'azure_logs',
      {
        url,
        authority: url,
        tenant: 't',
        client: 'c',
        client_secret: 'cred:azure',
        rule: 'dcr-1',
        stream: 'Custom-A_CL',
      },
    ],
  ] as const;

test('a receiver that repeats the whole request does not put its secrets into what is told', async () => {
  const fake = await new HttpFake(({ headers, body }) => ({ status: 400, body: { headers, body } })).start();
  try {
    for (const [name, written] of RECEIVER(fake.url)) {
      const type = transportNamed(name);
      const settings = type.config.parse({ ...written, ...(name === 'azure_logs' ? {} : { gzip: false }) });
      const secret = (reference: string): string => `Geheim-${reference}-7xQ`;
      const transport = masked((context) => type.create(settings, context), { ...CONTEXT, secret });
      for (const asked of [() => transport.send([], SIGNAL), () => transport.probe(SIGNAL)]) {
        const error: unknown = await asked().catch((thrown: unknown) => thrown);
        const shown = error instanceof Error ? error.message : '';
        expect(shown).toContain('400');
        expect(shown).not.toMatch(/Geheim|R2VoZWlt|dlaGVpb|HZWhlaW/u);
      }
      await transport.close(0);
    }
    expect(JSON.stringify(fake.requests)).toMatch(/Geheim/u);
  } finally {
    await fake.stop();
  }
});
