import { createGunzip, type Gunzip } from 'node:zlib';
import type { ByteChunks, ByteDamage } from './byte-chunks';
import { IMPORT_LIMITS } from './import-model';

/** Deflate unpacks at most about 1032:1, so one packed piece of this size never becomes more than 17 MiB at once. */
const PACKED_PIECE = 16 * 1024;

/**
 * Unpacks gzip, several members included (RFC 1952 section 2.2). One packed piece is written at a time and everything
 * it gives is taken before the next, so that what was unpacked before damage is not lost with the stream's error.
 */
export class GunzipChunks implements ByteChunks {
  readonly #packed: ByteChunks;
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 64 * 1024 });
  readonly #ready: Uint8Array[] = [];
  /** What is left of the packed piece being fed. */
  #rest: Uint8Array = new Uint8Array(0);
  #packedBytes = 0;
  #unpackedBytes = 0;
  #ended = false;
  #damage: ByteDamage | undefined;

  constructor(packed: ByteChunks) {
    this.#packed = packed;
    this.#gunzip.on('data', (piece: Buffer) => this.#take(piece));
    this.#gunzip.on('error', (error) => {
      this.#damage ??= { reason: 'damaged_compression', detail: error.message };
    });
  }

  get damage(): ByteDamage | undefined {
    return this.#packed.damage ?? this.#damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#ready.length === 0 && !this.#ended && this.#damage === undefined) await this.#feed();
    return this.#ready.shift();
  }

  async close(): Promise<void> {
    this.#gunzip.destroy();
    await this.#packed.close();
  }

  async #feed(): Promise<void> {
    const packed = await this.#nextPacked();
    this.#packedBytes += packed?.length ?? 0;
    this.#ended = packed === undefined;
    await new Promise<void>((resolve) => {
      const gunzip = this.#gunzip;
      const done = (): void => {
        gunzip.off('close', done);
        resolve();
      };
      gunzip.once('close', done);
      if (packed === undefined) gunzip.once('end', done).end();
      else gunzip.write(packed, done);
    });
  }

  async #nextPacked(): Promise<Uint8Array | undefined> {
    const whole = this.#rest.length > 0 ? this.#rest : await this.#packed.next();
    if (whole === undefined) return undefined;
    this.#rest = whole.subarray(PACKED_PIECE);
    return whole.subarray(0, PACKED_PIECE);
  }

  #take(piece: Uint8Array): void {
    if (this.#damage !== undefined) return;
    this.#unpackedBytes += piece.length;
    const bomb =
      this.#unpackedBytes > IMPORT_LIMITS.ratioFreeBytes &&
      this.#unpackedBytes > this.#packedBytes * IMPORT_LIMITS.compressionRatio;
    if (bomb) {
      const detail = `more than ${IMPORT_LIMITS.compressionRatio} times its compressed size`;
      this.#damage = { reason: 'compression_bomb', detail };
      return;
    }
    this.#ready.push(piece);
  }
}

/** Unpacks what begins with gzip's magic number and passes everything else on as it is. */
export class UnpackedChunks implements ByteChunks {
  readonly #source: ByteChunks;
  #chosen: ByteChunks | undefined;

  constructor(source: ByteChunks) {
    this.#source = source;
  }

  get damage(): ByteDamage | undefined {
    return (this.#chosen ?? this.#source).damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    this.#chosen ??= await this.#choose();
    return this.#chosen.next();
  }

  close(): Promise<void> {
    return (this.#chosen ?? this.#source).close();
  }

  async #choose(): Promise<ByteChunks> {
    const head: Uint8Array[] = [];
    let length = 0;
    while (length < 2) {
      const piece = await this.#source.next();
      if (piece === undefined) break;
      head.push(piece);
      length += piece.length;
    }
    const first = Buffer.concat(head, length);
    const whole = new Prefixed(first, this.#source);
    return first[0] === 0x1f && first[1] === 0x8b ? new GunzipChunks(whole) : whole;
  }
}

/** Bytes already taken, then the source they were taken from. */
class Prefixed implements ByteChunks {
  readonly #source: ByteChunks;
  #first: Uint8Array | undefined;

  constructor(first: Uint8Array, source: ByteChunks) {
    this.#source = source;
    this.#first = first.length > 0 ? first : undefined;
  }

  get damage(): ByteDamage | undefined {
    return this.#source.damage;
  }

  async next(): Promise<Uint8Array | undefined> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#source.next();
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
