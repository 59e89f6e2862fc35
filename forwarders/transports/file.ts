import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { rfc3339 } from '../formats/well-formed';

interface Settings {
  readonly directory: string;
  readonly roll_after: number;
  readonly roll_bytes: number;
}

/** Records of one file, however small they are. */
const MOST_RECORDS = 50_000;
const MODE = 0o640;

/** Files for whoever fetches them: a forwarder of another maker, an object store, a removable disk. */
export const fileType: TransportType<Settings> = {
  type: 'file',
  stability: 'beta',
  summary: 'Files of one record a line; a file appears whole, when it is on the disk, and never changes again.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z.strictObject({
    directory: z.string().min(1).meta({ description: 'Where the files appear', example: '/var/spool/ascribe/out' }),
    roll_after: z.int().min(1).max(3600).prefault(10).describe('Seconds that a file waits to become larger'),
    roll_bytes: z
      .int()
      .min(4096)
      .max(256 << 20)
      .prefault(16 << 20)
      .describe('Bytes after which a new file begins'),
  }),
  limits: ({ roll_after: seconds, roll_bytes: bytes }) => ({
    records: MOST_RECORDS,
    bytes,
    envelope: 1,
    waitMs: seconds * 1000,
  }),
  create: (settings, context) => new FileTransport(settings, context),
};

class FileTransport implements Transport {
  readonly #directory: string;

  constructor({ directory }: Settings, context: TransportContext) {
    this.#directory = resolve(context.directory, directory);
  }

  async send(items: readonly OutItem[]): Promise<SendResult> {
    const name = fileName(items);
    const draft = join(this.#directory, `.${name}.tmp`);
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o750 });
      const file = await open(draft, 'w', MODE);
      try {
        await file.writeFile(items.map(({ text }) => `${text}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, join(this.#directory, name));
      await this.#syncDirectory();
      return 'ok';
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined);
      const { code, message } = cause as NodeJS.ErrnoException;
      const kind = code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' ? 'denied' : 'retry';
      throw new TransportError(kind, `file_${(code ?? 'error').toLowerCase()}`, message, { cause });
    }
  }

  async probe(): Promise<string> {
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o750 });
      await access(this.#directory, constants.W_OK | constants.X_OK);
      return `${this.#directory} can be written`;
    } catch (cause) {
      throw new TransportError('denied', 'file', (cause as Error).message, { cause });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A rename is durable when its directory is. */
  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

/** By its content, so that the same batch sent again after a crash is the same file. */
function fileName(items: readonly OutItem[]): string {
  const [first] = items;
  const ids = items.map(({ record }) => `${record.uid}/${record.revision ?? ''}`).join('\n');
  const stamp = rfc3339(first?.record.time ?? 0).replaceAll(/[-:]|\.\d+/gu, '');
  const extension = first?.format.medium === 'json' ? 'ndjson' : 'log';
  return `${stamp}-${first?.record.kind ?? 'none'}-${hash('sha256', ids, 'hex').slice(0, 16)}.${extension}`;
}
