import { randomBytes, type X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { addCustody, custodyFile } from '../../store/evidence/custody';
import { sha256OfFile } from '../../store/evidence/spool';
import { TimestampError } from '../../store/evidence/timestamp/contract';
import { readAuthorities } from '../../store/evidence/timestamp/prove';
import { timestampRequest } from '../../store/evidence/timestamp/request';
import { type ProvedStamp, provedStamp, stampFile } from '../../store/evidence/timestamp/stamp-file';
import { MOST_TOKEN_BYTES } from '../../store/evidence/timestamp/token';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import { causeOf, codeOf, messageOf } from '../thrown';
import { custodyEntry, requirePack } from './evidence-file';

/** An authority that takes longer is not there. */
const ANSWER_MS = 60_000;
const NONCE_BYTES = 8;

export interface TimestampOptions {
  /** Address of an authority. Nothing is sent anywhere without it. */
  readonly tsa?: string | undefined;
  readonly requestOut?: string | undefined;
  readonly attach?: string | undefined;
  readonly tsaCa?: string | undefined;
}

/** Answers `evidence timestamp`. */
export async function timestamp(
  context: CommandContext,
  given: string,
  options: TimestampOptions,
): Promise<CommandResult> {
  const { tsa, requestOut, attach } = options;
  if ([tsa, requestOut, attach].filter((value) => value !== undefined).length !== 1) {
    throw new CommandError('bad_usage', 'give one of --tsa, --request-out and --attach', EXIT.usage);
  }
  const file = requirePack(context, given);
  const sha256 = sha256OfFile(file);
  const nonce = randomBytes(NONCE_BYTES);
  const request = timestampRequest(Buffer.from(sha256, 'hex'), nonce);
  if (requestOut !== undefined) {
    write(resolve(context.io.cwd, requestOut), request);
    context.note(`an authority answers ${requestOut}; then: ascribe evidence timestamp ${given} --attach ANSWER`);
    return EXIT.done;
  }
  const authorities = authoritiesIn(context, options.tsaCa);
  const stamp = await refusing(async () => {
    if (attach !== undefined) return provedStamp(readAnswer(context, attach), sha256, { authorities });
    const answer = await ask(addressOf(tsa ?? ''), request);
    return provedStamp(answer, sha256, { nonce: nonce.toString('hex'), authorities });
  });
  if (stamp.isTrusted === false) {
    throw new CommandError('timestamp_untrusted', `${stamp.name} is not of the authorities in --tsa-ca`, EXIT.failed);
  }
  write(stampFile(file), stamp.response);
  addCustody(custodyFile(file), custodyEntry(context, 'stamped', sha256, stampText(stamp)));
  tell(context, file, stamp);
  return EXIT.done;
}

/** Certificates of the authorities to trust, from a PEM file; undefined when none is named. */
export function authoritiesIn(context: CommandContext, file: string | undefined): X509Certificate[] | undefined {
  if (file === undefined) return undefined;
  try {
    return readAuthorities(readFileSync(resolve(context.io.cwd, file), 'utf8'));
  } catch (error) {
    throw new CommandError('bad_tsa_ca', `${file}: ${codeOf(error) ?? ''} ${messageOf(error)}`, EXIT.usage, {
      cause: error,
    });
  }
}

/** One line about a stamp, for people. */
export function stampText({ stamp, name, isTrusted }: ProvedStamp): string {
  const trust = {
    true: ', which the given authorities vouch for',
    false: ', of NONE of the given authorities',
    undefined: '',
  };
  return `stamped at ${new Date(stamp.at).toISOString()} by ${name} (serial ${stamp.serial})${trust[`${isTrusted}`]}`;
}

function tell(context: CommandContext, file: string, proved: ProvedStamp): void {
  const { stamp, name, fingerprint, isTrusted } = proved;
  if (context.json) {
    context.printJson({
      'ascribe.evidence': 'stamped',
      'file.path': stampFile(file),
      'ascribe.timestamp.at': new Date(stamp.at).toISOString(),
      'ascribe.timestamp.authority': name,
      'ascribe.timestamp.certificate': fingerprint,
      'ascribe.timestamp.serial': stamp.serial,
      'ascribe.timestamp.trusted': isTrusted,
    });
    return;
  }
  context.print(context.text(`${stampFile(file)}: ${stampText(proved)}`));
  if (isTrusted === undefined)
    context.note('whose certificate that is was not asked: name its authority with --tsa-ca');
}

function write(path: string, bytes: Buffer): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o440 });
  } catch (error) {
    const text = codeOf(error) === 'EEXIST' ? 'is there already' : messageOf(error);
    throw new CommandError('file_exists', `${path} ${text}`, EXIT.usage, { cause: error });
  }
}

function readAnswer(context: CommandContext, file: string): Buffer {
  const path = resolve(context.io.cwd, file);
  try {
    if (statSync(path).size > MOST_TOKEN_BYTES) throw new TimestampError('timestamp_malformed', 'is too long');
    return readFileSync(path);
  } catch (error) {
    throw new CommandError('no_answer', `${path} cannot be read: ${messageOf(error)}`, EXIT.usage, { cause: error });
  }
}

function addressOf(tsa: string): URL {
  const url = URL.canParse(tsa) ? new URL(tsa) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CommandError('bad_tsa', '--tsa is no http or https address without a user and password', EXIT.usage);
  }
  return url;
}

/** RFC 3161 section 3.4. The answer is bounded in bytes and time, and no redirection is followed. */
async function ask(url: URL, request: Buffer): Promise<Buffer> {
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(request),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!reply.ok) throw new TimestampError('timestamp_refused', `${url.host} answers ${reply.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of reply.body ?? []) {
      parts.push(part);
      length += part.length;
      if (length > MOST_TOKEN_BYTES) throw new TimestampError('timestamp_malformed', 'the answer is too long');
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof TimestampError) throw error;
    const cause = causeOf(error);
    throw new CommandError(
      'tsa_unreachable',
      `${url.host}: ${messageOf(error)}${cause === undefined ? '' : `: ${messageOf(cause)}`}`,
      EXIT.failed,
      {
        cause: error,
      },
    );
  }
}

async function refusing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TimestampError)) throw error;
    throw new CommandError(error.code, error.message, EXIT.failed, { cause: error });
  }
}
