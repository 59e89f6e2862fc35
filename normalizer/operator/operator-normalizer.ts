import type { RawFormat, StoredRecord } from '../../collectors/contract';
import type { FactSink, Normalizer } from '../contract';
import type { FactBase } from '../model/facts';

const PARSER = 'operator';
const MOST_BYTES = 64 << 10;
const MOST_TEXT = 4096;

/** Reads what people did with ascribe (`collectors/operator/operator-record.ts`) as events: one when it begins, one when it has ended. */
export class OperatorNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[] = ['operator'];

  normalize(record: StoredRecord, sink: FactSink): void {
    const found = objectOf(record.bytes);
    const at = found?.['at'];
    const base: FactBase = {
      rawSeq: record.seq,
      observedAt: typeof at === 'number' && Number.isSafeInteger(at) ? at : record.receivedAt,
      timeQuality: 'ok',
      device: text(found, 'host') ?? 'ascribe',
      parser: PARSER,
    };
    const action = text(found, 'action');
    const phase = text(found, 'phase');
    if (found?.['v'] !== 1 || action === undefined || (phase !== 'begin' && phase !== 'end')) {
      sink.fact({ ...base, fact: 'rejected', reason: 'operator_malformed' });
      return;
    }
    const exit = found['exit'];
    const outcome = phase === 'begin' ? 'unknown' : exit === 0 ? 'success' : 'failure';
    const by = who(found);
    const user = text(found, 'user');
    const client = text(found, 'client');
    const command = text(found, 'command');
    sink.fact({
      ...base,
      fact: 'event',
      category: 'process',
      action: `operator_${phase}`,
      outcome,
      code: action,
      process: 'ascribe',
      message: `${by} ${phase === 'begin' ? 'began' : 'ended'} ${action}`,
      ...(user !== undefined && { user }),
      ...(client !== undefined && { sourceIp: client }),
      ...(command !== undefined && { command }),
      extra: extraOf(found),
    });
  }

  takeReplays(): readonly number[] {
    return [];
  }

  replay(): void {
    // Nothing waits for later records.
  }

  snapshot(): Uint8Array {
    return new Uint8Array();
  }

  restore(): void {
    // Each record says all there is.
  }
}

type Found = Readonly<Record<string, unknown>>;

const EXTRAS = [
  ['id', 'ascribe.operator.id'],
  ['sudoUser', 'ascribe.operator.sudo_user'],
  ['loginUid', 'ascribe.operator.login_uid'],
  ['uid', 'user.id'],
  ['terminal', 'ascribe.operator.terminal'],
  ['exit', 'process.exit_code'],
  ['pid', 'process.pid'],
  ['version', 'ascribe.operator.version'],
] as const;

function extraOf(found: Found): Record<string, string | number> {
  const extra: Record<string, string | number> = {};
  for (const [member, name] of EXTRAS) {
    const value = found[member];
    if (typeof value === 'number' && Number.isSafeInteger(value)) extra[name] = value;
    else if (typeof value === 'string' && value !== '') extra[name] = value.slice(0, MOST_TEXT);
  }
  return extra;
}

function who(found: Found): string {
  const user = text(found, 'user') ?? 'somebody';
  const sudo = text(found, 'sudoUser');
  return sudo === undefined ? user : `${sudo} as ${user}`;
}

function text(found: Found | undefined, name: string): string | undefined {
  const value = found?.[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_TEXT) : undefined;
}

function objectOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Found) : undefined;
  } catch {
    return undefined;
  }
}
