import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';

/**
 * Rules as they are in force, with how often they were hit where the device counts it: inventory `rule`.
 *
 * - ASA `show nat`: `1 (inside) to (outside) source dynamic NET interface`, below it `translate_hits = 5, untranslate_hits = 0`, in
 *   sections `Manual NAT Policies (Section 1)`, `Auto NAT …`;
 * - PAN-OS `show running nat-policy` and `security-policy`: `"web; index: 1" {`, and in braces what it says;
 * - pf.conf(5) of `pfctl -vvsn`: `@0 nat on em0 inet from … -> …`, below it `[ Evaluations: 5  Packets: 7  Bytes: 700  States: 1 ]`.
 */
export function readRuleCounters(table: TableReading, platform: ConfigPlatform, command: string): void {
  if (platform === 'cisco_asa') asaRules(table);
  else if (platform === 'panos') panosRules(table, command === 'policy' ? 'policy' : 'nat');
  else packetFilterRules(table);
}

const MAX_TEXT = 512;

function asaRules(table: TableReading): void {
  let section = '';
  let rule: { id: string; text: string } | undefined;
  const tell = (hits?: string, back?: string): void => {
    if (rule !== undefined) tellRule(table, 'nat', rule.id, rule.text, { hits: hits ?? '', reverseHits: back ?? '' });
    rule = undefined;
  };
  for (const line of table.lines) {
    const heading = /^(Manual|Auto) NAT Policies (?:Implicit )?\(Section (\d)\)/.exec(line);
    const begun = /^(\d{1,6}) (\([^)\n]{1,64}\) to \([^)\n]{1,64}\) .{1,400})/.exec(line);
    const counts = /^\s{1,8}translate_hits = (\d{1,19}), untranslate_hits = (\d{1,19})/.exec(line);
    if (heading !== null) section = heading[2] ?? '';
    if (begun !== null) {
      tell();
      rule = { id: `section ${section} rule ${begun[1]}`, text: begun[2] ?? '' };
    }
    if (counts !== null) tell(counts[1], counts[2]);
  }
  tell();
}

function panosRules(table: TableReading, kind: string): void {
  let rule: { id: string; text: string[] } | undefined;
  for (const line of table.lines) {
    const begun = /^"?([^";{}\n]{1,63})(?:; index: (\d{1,6}))?"? \{\s*$/.exec(line);
    if (begun !== null) rule = { id: begun[1]?.trim() ?? '', text: [] };
    else if (rule !== undefined && line.startsWith('}')) {
      tellRule(table, kind, rule.id, rule.text.join(' '), {});
      rule = undefined;
    } else if (rule !== undefined && rule.text.length < 64) rule.text.push(line.trim());
  }
}

function packetFilterRules(table: TableReading): void {
  let rule: { id: string; text: string } | undefined;
  const tell = (counts: Counts): void => {
    if (rule !== undefined) tellRule(table, 'nat', rule.id, rule.text, counts);
    rule = undefined;
  };
  for (const line of table.lines) {
    const begun = /^@(\d{1,8})(?:\(\d{1,16}\))? (.{1,1024})/.exec(line);
    const counts = /^ {1,4}\[ Evaluations: {1,9}(\d{1,19}) {1,12}Packets: {1,9}(\d{1,19}) /.exec(line);
    if (begun !== null) {
      tell({});
      rule = { id: begun[1] ?? '', text: begun[2] ?? '' };
    }
    if (counts !== null) tell({ hits: counts[1] ?? '', packets: counts[2] ?? '' });
  }
  tell({});
}

interface Counts {
  readonly hits?: string;
  readonly reverseHits?: string;
  readonly packets?: string;
}

function tellRule(table: TableReading, kind: string, id: string, text: string, counts: Counts): void {
  table.inventory('rule', `${kind} ${id}`, id, {
    'ascribe.config.kind': kind,
    'ascribe.config.text': text.trim().slice(0, MAX_TEXT),
    'ascribe.rule.hits': counts.hits,
    'ascribe.rule.reverse_hits': counts.reverseHits,
    'ascribe.rule.packets': counts.packets,
  });
}
