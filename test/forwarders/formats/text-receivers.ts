/**
 * CEF as logstash-codec-cef reads it (lib/logstash/codecs/cef.rb: HEADER_FIELD_PATTERN, EXTENSION_KEY_VALUE_SCANNER and
 * the unescaping maps), stated again.
 */
export function logstashCef(line: string): { header: string[]; extension: Map<string, string> } {
  const fields: string[] = [];
  let rest = line;
  for (let i = 0; i < 7; i++) {
    const match = /^((?:[^|\\]|\\[\s\S])*)\|/u.exec(rest);
    if (match === null) throw new Error(`no header field ${i} in ${JSON.stringify(rest)}`);
    fields.push((match[1] ?? '').replaceAll(/\\([|\\])/gu, '$1'));
    rest = rest.slice(match[0].length);
  }
  const extension = new Map<string, string>();
  // A key is preceded by the beginning or a blank, and its `=` is not escaped; the value runs to the next such key.
  const scanner = /(?<=^|\s)([A-Za-z0-9_.[\]]+)=((?:\\[\s\S]|[^\\=]|=(?<=\\=))*?)(?=$|\s+[A-Za-z0-9_.[\]]+=)/gu;
  for (const [, key = '', value = ''] of rest.matchAll(scanner)) {
    extension.set(
      key,
      value.replaceAll(
        /\\([=\\nr])/gu,
        (_all, escaped: string) => ({ '=': '=', '\\': '\\', n: '\n', r: '\r' })[escaped] ?? '',
      ),
    );
  }
  return { header: fields, extension };
}

/** LEEF as IBM's documents describe it: fixed header fields, then pairs between delimiters; no escape. */
export function qradarLeef(line: string): { header: string[]; attributes: Map<string, string>; repeated: string[] } {
  const version = line.startsWith('LEEF:2') ? 2 : 1;
  const parts = line.split('|');
  const count = version === 2 ? 6 : 5;
  const header = parts.slice(0, count);
  const delimiter =
    version === 2 ? String.fromCharCode(Number.parseInt((header[5] ?? '').replace(/^0?x/u, ''), 16)) : '\t';
  const attributes = new Map<string, string>();
  const repeated: string[] = [];
  for (const pair of parts.slice(count).join('|').split(delimiter)) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new Error(`no pair: ${JSON.stringify(pair)}`);
    const key = pair.slice(0, equals);
    if (attributes.has(key)) repeated.push(key);
    attributes.set(key, pair.slice(equals + 1));
  }
  return { header, attributes, repeated };
}
