import type { FakeAnswer, FakeRequest } from './http-fake';
import { objectOf, Receiver, type Taken } from './receiver';

interface Document {
  readonly index: string;
  readonly version: number;
  readonly source: Readonly<Record<string, unknown>>;
}

const METADATA: ReadonlySet<string> = new Set(['_index', '_type', '_id', 'version', 'version_type', 'routing']);

/**
 * `_bulk` of Elasticsearch 7 and OpenSearch ("Bulk API" of both): NDJSON pairs closed by a line feed, answers item by item,
 * `create` conflicts with what is there, external versions only grow.
 */
export class BulkReceiver extends Receiver {
  readonly documents = new Map<string, Document>();
  /** What no waiting mends: a mapping that does not take the document. */
  isMapped: (source: Readonly<Record<string, unknown>>) => boolean = () => true;
  #anonymous = 0;

  protected carries({ path }: FakeRequest): boolean {
    return /^\/(?:[^/?]+\/)?_bulk(?:\?|$)/u.test(path);
  }

  protected take({ body, headers }: FakeRequest, isRefused: (index: number) => boolean): Taken {
    if (!/^application\/(?:x-nd)?json\b/u.test(headers['content-type'] ?? '')) {
      this.violation(`Content-Type ${headers['content-type']}`);
    }
    if (!body.endsWith('\n')) this.violation('the request is not terminated by a line feed');
    const lines = body.split('\n').slice(0, -1);
    const items: object[] = [];
    let stored = 0;
    for (let at = 0; at < lines.length; at += 2) {
      // Clients that close the body with an empty line of their own are let through, as the real one does.
      if (lines[at] === '' && at === lines.length - 1) break;
      const result = this.#item(lines[at] ?? '', lines[at + 1] ?? '', isRefused(items.length));
      if (Object.values(result)[0]?.status === 201) stored++;
      items.push(result);
    }
    const errors = items.some((item) => 'error' in ((Object.values(item)[0] ?? {}) as object));
    return { answer: { status: 200, body: { took: 1, errors, items } }, stored };
  }

  protected refusal(behaviour: 'busy' | 'too_many' | 'disk_full'): FakeAnswer {
    switch (behaviour) {
      case 'busy':
        return { status: 503, body: { error: 'no master' }, headers: { 'Retry-After': '1' } };
      case 'too_many':
        return { status: 429, body: { error: { type: 'circuit_breaking_exception' } } };
      case 'disk_full': {
        // The flood stage of the disk watermark: every index becomes read-only, each item says so.
        const error = {
          type: 'cluster_block_exception',
          reason: 'TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage',
        };
        return {
          status: 200,
          body: {
            took: 1,
            errors: true,
            items: Array.from({ length: 2000 }, () => ({ index: { status: 429, error } })),
          },
        };
      }
    }
  }

  protected other({ method, path }: FakeRequest): FakeAnswer {
    if (path === '/' || path.startsWith('/_cat/health')) {
      return { status: 200, body: { version: { number: '7.17.0' }, tagline: 'You Know, for Search' } };
    }
    this.violation(`${method} ${path}`);
    return { status: 400, body: { error: 'no handler found' } };
  }

  #item(actionLine: string, sourceLine: string, refused: boolean): Record<string, { status: number; error?: object }> {
    const action = objectOf(actionLine);
    const [[verb, metadata] = ['', undefined], more] = Object.entries(action ?? {});
    const meta = (metadata ?? {}) as Readonly<Record<string, string | number | undefined>>;
    if ((verb !== 'create' && verb !== 'index') || more !== undefined) {
      this.violation(`action ${actionLine.slice(0, 200)}`);
      return { index: { status: 400, error: { type: 'illegal_argument_exception' } } };
    }
    const foreign = Object.keys(meta).find((name) => !METADATA.has(name));
    if (foreign !== undefined) this.violation(`unknown parameter ${foreign}`);
    const source = objectOf(sourceLine);
    if (source === undefined) this.violation(`source ${sourceLine.slice(0, 200)}`);
    if (refused) return { [verb]: { status: 429, error: { type: 'es_rejected_execution_exception' } } };
    if (source === undefined || !this.isMapped(source)) {
      return { [verb]: { status: 400, error: { type: 'mapper_parsing_exception', reason: 'failed to parse' } } };
    }
    return { [verb]: this.#put(verb, meta, source) };
  }

  #put(
    verb: 'create' | 'index',
    meta: Readonly<Record<string, string | number | undefined>>,
    source: Readonly<Record<string, unknown>>,
  ): { status: number; error?: object } {
    const id = String(meta['_id'] ?? `anonymous-${++this.#anonymous}`);
    const known = this.documents.get(id);
    const version = Number(meta['version'] ?? (known?.version ?? 0) + 1);
    const isLater = verb === 'index' && (known === undefined || version > known.version);
    if (known !== undefined && !isLater) {
      return { status: 409, error: { type: 'version_conflict_engine_exception' } };
    }
    this.documents.set(id, { index: String(meta['_index'] ?? ''), version, source });
    this.keep(id);
    return { status: 201 };
  }
}
