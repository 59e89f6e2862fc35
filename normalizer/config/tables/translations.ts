import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { addressIn, endOf, wordsOf } from './text';

/** Tables of address translations: `nat_translations`. */
export function readTranslations(table: TableReading, platform: ConfigPlatform): void {
  if (platform === 'cisco_asa') {
    readXlate(table);
    return;
  }
  for (const line of table.lines) {
    const words = wordsOf(line);
    if (platform === 'cisco_ios' || platform === 'cisco_nxos') iosRow(table, words);
    else if (platform === 'juniper_junos') junosRow(table, words);
    else plainRow(table, words);
  }
}

/** Protocol, inside global, inside local, outside local, outside global; `---` is nothing. */
function iosRow(
  table: TableReading,
  [protocol = '', insideGlobal = '', insideLocal = '', , outsideGlobal = '']: readonly string[],
): void {
  const outside = endOf(insideGlobal, ':');
  const inside = endOf(insideLocal, ':');
  if (outside === undefined || inside === undefined || !/^(?:tcp|udp|icmp|gre|esp|ah|any|---)$/.test(protocol)) return;
  const destination = endOf(outsideGlobal, ':');
  table.translationRow(protocol === '---' || protocol === 'any' ? undefined : protocol, outside, inside, destination, {
    'nat.side': 'source',
  });
}

/**
 * `TCP PAT from inside:A/P to outside:B/Q flags ri …`, `NAT from inside:A to outside:B flags s …`. Rows may be wrapped; networks
 * are translations that the configuration states, not hosts.
 */
function readXlate(table: TableReading): void {
  const rows: string[] = [];
  for (const line of table.lines) {
    if (/^(?:(?:TCP|UDP|ICMP|SCTP|GRE) PAT|NAT|TCP NAT|UDP NAT) from /.test(line)) rows.push(line);
    else if (rows.length > 0 && !/^\S+ in use/.test(line)) rows[rows.length - 1] += ` ${line.trim()}`;
  }
  for (const row of rows) {
    const match =
      /^(?:(TCP|UDP|ICMP|SCTP|GRE) )?(PAT|NAT) from ([^:\s]{1,64}):(\S{1,64}) to ([^:\s(]{1,64})(?:\([^)]{0,64}\))?:(\S{1,64})/.exec(
        row,
      );
    const inside = endOf(match?.[4] ?? '', '/');
    const outside = endOf(match?.[6] ?? '', '/');
    if (match === null || inside === undefined || outside === undefined) continue;
    // Behind the slash of a PAT stands a port, of a NAT a length.
    if (match[2] === 'NAT' && (match[4]?.includes('/') === true || match[6]?.includes('/') === true)) continue;
    table.translationRow(match[1], outside, inside, undefined, {
      'nat.side': 'source',
      inside_interface: match[3],
      outside_interface: match[5],
      translation: / flags \S*s/.test(row) ? 'static' : 'dynamic',
    });
  }
}

/** Junos persistent NAT: `10.0.0.5 3001 udp 203.0.113.1 1025 pool …`: internal, port, protocol, reflective, port. */
function junosRow(table: TableReading, words: readonly string[]): void {
  const inside = addressIn(words[0] ?? '');
  const outsideAt = words.findIndex((word, i) => i > 0 && addressIn(word) !== undefined);
  const outside = addressIn(words[outsideAt] ?? '');
  const ports = [Number(words[1]), Number(words[outsideAt + 1])];
  if (inside === undefined || outside === undefined || !ports.every((port) => Number.isInteger(port) && port > 0))
    return;
  const protocol = words.slice(1, outsideAt).find((word) => /^(?:tcp|udp)$/i.test(word));
  table.translationRow(protocol, { ip: outside, port: ports[1] }, { ip: inside, port: ports[0] }, undefined, {
    'nat.side': 'source',
  });
}

/**
 * EOS: source, destination, translated, …; VyOS: before, after, protocol, … Without ports a translation of many hosts to one
 * address says nothing of one session, so those rows are left out.
 */
function plainRow(table: TableReading, words: readonly string[]): void {
  const [first, second] = [endOf(words[0] ?? '', ':'), endOf(words[1] ?? '', ':')];
  if (first?.port === undefined || second === undefined) return;
  const third = endOf(words[2] ?? '', ':');
  const protocol = words.find((word) => /^(?:tcp|udp|icmp)$/i.test(word));
  if (third?.port !== undefined) table.translationRow(protocol, third, first, second, { 'nat.side': 'source' });
  else if (second.port !== undefined)
    table.translationRow(protocol, second, first, undefined, { 'nat.side': 'source' });
}
