import type { FakeAnswer, FakeRequest } from './http-fake';
import { objectOf, Receiver, type Taken } from './receiver';

type Message = Readonly<Record<string, unknown>>;

/**
 * `ExportLogsServiceRequest` in protobuf's JSON (opentelemetry-proto: collector/logs/v1/logs_service.proto, logs/v1/logs.proto,
 * common/v1/common.proto; "JSON Protobuf Encoding" of the OTLP specification). Receivers ignore names they do not know; this
 * one lists them, as a name that is misspelt is lost without a word.
 */
export class OtlpReceiver extends Receiver {
  readonly records: Message[] = [];
  /** Which records are refused for good; the answer tells their number alone. */
  isRejected: (record: Message) => boolean = () => false;

  protected carries({ method, path }: FakeRequest): boolean {
    return method === 'POST' && path === '/v1/logs';
  }

  protected take({ body, headers }: FakeRequest, isRefused: (index: number) => boolean): Taken {
    if (headers['content-type'] !== 'application/json') this.violation(`Content-Type ${headers['content-type']}`);
    const request = objectOf(body);
    if (request === undefined) return { answer: { status: 400, body: { code: 3, message: 'no JSON' } }, stored: 0 };
    const records = this.#read(request);
    if (records.some((_record, index) => isRefused(index))) return { answer: { status: 503 }, stored: 0 };
    const good = records.filter((record) => !this.isRejected(record));
    for (const record of good) {
      this.records.push(record);
      this.keep(attributesOf(record).get('event.id') ?? '');
    }
    const rejected = records.length - good.length;
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: 'refused' };
    return { answer: { status: 200, body: rejected === 0 ? {} : { partialSuccess } }, stored: good.length };
  }

  protected refusal(behaviour: 'busy' | 'too_many' | 'disk_full'): FakeAnswer {
    switch (behaviour) {
      case 'busy':
        return { status: 503, headers: { 'Retry-After': '1' } };
      case 'too_many':
        return { status: 429 };
      case 'disk_full':
        return { status: 502 };
    }
  }

  protected other({ method, path }: FakeRequest): FakeAnswer {
    this.violation(`${method} ${path}`);
    return { status: 404 };
  }

  #read(request: Message): Message[] {
    const found: Message[] = [];
    for (const resource of this.#list(request, 'resourceLogs', 'request')) {
      this.#names(resource, ['resource', 'scopeLogs', 'schemaUrl'], 'ResourceLogs');
      this.#names((resource['resource'] ?? {}) as Message, ['attributes', 'droppedAttributesCount'], 'Resource');
      this.#attributes((resource['resource'] ?? {}) as Message, 'Resource');
      for (const scope of this.#list(resource, 'scopeLogs', 'ResourceLogs')) {
        this.#names(scope, ['scope', 'logRecords', 'schemaUrl'], 'ScopeLogs');
        this.#names(
          (scope['scope'] ?? {}) as Message,
          ['name', 'version', 'attributes', 'droppedAttributesCount'],
          'Scope',
        );
        for (const record of this.#list(scope, 'logRecords', 'ScopeLogs')) {
          this.#record(record);
          found.push(record);
        }
      }
    }
    return found;
  }

  #record(record: Message): void {
    const texts = ['severityText', 'eventName', 'traceId', 'spanId'];
    const numbers = ['severityNumber', 'droppedAttributesCount', 'flags'];
    const times = ['timeUnixNano', 'observedTimeUnixNano'];
    this.#names(record, [...texts, ...numbers, ...times, 'body', 'attributes'], 'LogRecord');
    for (const name of texts) this.#type(record, name, (value) => typeof value === 'string');
    for (const name of numbers) this.#type(record, name, (value) => Number.isInteger(value));
    // fixed64 is decimal text in protobuf's JSON; numbers are let in too.
    for (const name of times) this.#type(record, name, (value) => /^\d{1,20}$/u.test(String(value)));
    if (record['body'] !== undefined) this.#value(record['body'] as Message, 'body');
    this.#attributes(record, 'LogRecord');
  }

  #attributes(of: Message, where: string): void {
    const keys: string[] = [];
    for (const pair of this.#list(of, 'attributes', where)) {
      this.#names(pair, ['key', 'value'], 'KeyValue');
      this.#type(pair, 'key', (key) => typeof key === 'string' && key !== '');
      keys.push(String(pair['key']));
      this.#value((pair['value'] ?? {}) as Message, String(pair['key']));
    }
    if (new Set(keys).size !== keys.length) this.violation(`${where}: a key twice in ${keys.join(' ').slice(0, 300)}`);
  }

  #value(value: Message, where: string): void {
    const [[name, held] = ['', undefined], more] = Object.entries(value);
    if (more !== undefined) this.violation(`${where}: more than one value`);
    const isRight: Readonly<Record<string, (value: unknown) => boolean>> = {
      '': () => true,
      stringValue: (text) => typeof text === 'string',
      boolValue: (flag) => typeof flag === 'boolean',
      intValue: (number) => /^-?\d{1,19}$/u.test(String(number)),
      doubleValue: (number) => typeof number === 'number' || number === 'NaN' || /^-?Infinity$/u.test(String(number)),
      bytesValue: (text) => typeof text === 'string',
      arrayValue: (array) => (
        this.#list(array as Message, 'values', where).forEach((one) => this.#value(one, where)),
        true
      ),
      kvlistValue: (list) => (
        this.#list(list as Message, 'values', where).forEach((one) =>
          this.#value((one['value'] ?? {}) as Message, where),
        ),
        true
      ),
    };
    if (isRight[name]?.(held) !== true) this.violation(`${where}: ${name} ${JSON.stringify(held)}`.slice(0, 300));
  }

  #list(of: Message, name: string, where: string): Message[] {
    const list = of[name];
    if (list === undefined) return [];
    if (!Array.isArray(list)) this.violation(`${where}.${name} is no list`);
    return Array.isArray(list) ? (list as Message[]) : [];
  }

  #names(of: Message, known: readonly string[], where: string): void {
    for (const name of Object.keys(of)) if (!known.includes(name)) this.violation(`${where}.${name} is unknown`);
  }

  #type(of: Message, name: string, isRight: (value: unknown) => boolean): void {
    if (of[name] !== undefined && !isRight(of[name])) this.violation(`${name} ${JSON.stringify(of[name])}`);
  }
}

/** Attributes that are text, by key. */
export function attributesOf(record: Message): Map<string, string> {
  const pairs = (record['attributes'] ?? []) as {
    readonly key: string;
    readonly value?: { readonly stringValue?: string };
  }[];
  return new Map(pairs.map(({ key, value }) => [key, value?.stringValue ?? '']));
}
