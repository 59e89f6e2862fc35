import type { StoredRecord } from '../../collectors/contract';

/*
 * Without its template a data set cannot be read. NetFlow v9 (RFC 3954): header of 20 bytes, source id at 16, templates in sets 0,
 * options templates in sets 1. IPFIX (RFC 7011): header of 16 bytes, domain at 12, sets 2 and 3. A set is id, length (16 bit each),
 * content; a template id, field count and fields of 4 bytes, of 8 in IPFIX where the first bit is set; an options template of v9
 * id, length of scopes, length of options; one of IPFIX id, field count, scope count, fields.
 */

const FIRST_DATA_SET = 256;

/** Templates by sender, domain and id. */
export interface Sets {
  /** Sender and domain; undefined for what has no templates. */
  readonly exporter: string | undefined;
  readonly brings: readonly string[];
  /** Those of `brings` that are of options. */
  readonly options: readonly string[];
  readonly needs: readonly string[];
}

/** What a record brings and needs. */
export function setsOf({ origin, bytes }: StoredRecord): Sets {
  const brings: string[] = [];
  const options: string[] = [];
  const needs: string[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = origin.format === 'flow' && view.length >= 20 ? view.readUInt16BE(0) : 0;
  if (version !== 9 && version !== 10) return { exporter: undefined, brings, options, needs };
  const key = `${origin.peer} ${version} ${view.readUInt32BE(version === 9 ? 16 : 12)}`;
  for (let at = version === 9 ? 20 : 16; at + 4 <= view.length;) {
    const [id, length] = [view.readUInt16BE(at), view.readUInt16BE(at + 2)];
    if (length < 4) break;
    if (id >= FIRST_DATA_SET) needs.push(`${key} ${id}`);
    else {
      for (const template of templatesOf(view.subarray(at + 4, at + length), id)) {
        brings.push(`${key} ${template}`);
        if (id === 1 || id === 3) options.push(`${key} ${template}`);
      }
    }
    at += length;
  }
  return { exporter: key, brings, options, needs };
}

/** Ids of the templates in the content of a set. */
function* templatesOf(set: Buffer, setId: number): Generator<number> {
  const head = setId === 1 || setId === 3 ? 6 : 4;
  for (let at = 0; at + head <= set.length;) {
    const [id, count] = [set.readUInt16BE(at), set.readUInt16BE(at + 2)];
    if (id < FIRST_DATA_SET) return;
    yield id;
    if (setId === 1) at += head + count + set.readUInt16BE(at + 4);
    else at = afterFields(set, at + head, count, setId >= 2);
  }
}

function afterFields(set: Buffer, from: number, count: number, isIpfix: boolean): number {
  if (!isIpfix) return from + 4 * count;
  let at = from;
  for (let i = 0; i < count && at + 4 <= set.length; i += 1) at += set.readUInt16BE(at) >= 0x8000 ? 8 : 4;
  return at;
}
