import { constants, createGunzip } from 'node:zlib';

/** What became of a compressed file. */
export type Gunzipped =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** The file ends in the middle: it is still being written, or was cut. */
  | { readonly kind: 'cut'; readonly bytes: Buffer }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'too_large' };

/**
 * Decompresses at most `limit` bytes, a piece at a time, so that nothing else waits for long and a file made to explode
 * does not.
 */
export function gunzip(compressed: Buffer, limit: number): Promise<Gunzipped> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stream = createGunzip({ chunkSize: 256 * 1024 });
    const done = (result: Gunzipped): void => {
      stream.destroy();
      resolve(result);
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) done({ kind: 'too_large' });
    });
    stream.on('end', () => done({ kind: 'whole', bytes: Buffer.concat(chunks) }));
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const cut = error.code === 'Z_BUF_ERROR';
      done(cut ? { kind: 'cut', bytes: Buffer.concat(chunks) } : { kind: 'damaged' });
    });
    stream.end(compressed);
  });
}

/** As much of the beginning as the first bytes of a compressed file give; empty when they give nothing. */
export function gunzipBeginning(compressed: Buffer, wanted: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 16 * 1024 });
    const done = (): void => {
      stream.destroy();
      resolve(Buffer.concat(chunks).subarray(0, wanted));
    };
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= wanted) done();
    });
    stream.on('end', done);
    stream.on('error', done);
    stream.end(compressed);
  });
}
