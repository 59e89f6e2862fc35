import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../../../../normalizer/model/facts';
import { factsOfLine } from './read-line';

/** Lines of crowdsec-hub (MIT), read where they stand: the addresses, ports and action that each line states. */
const FOLDER = join(__dirname, '../../../../../shared/data/syslog/crowdsec-hub');
const present = existsSync(FOLDER);

function linesOf(file: string): string[] {
  return present ? readFileSync(join(FOLDER, file), 'utf8').split('\n').filter(Boolean) : [];
}

/** `KEY=value` of the line, the first of its name. */
function field(line: string, key: string): string | undefined {
  return line
    .split(' ')
    .find((word) => word.startsWith(`${key}=`))
    ?.slice(key.length + 1);
}

function onlySession(line: string): Fact & { readonly fact: 'session_log' } {
  const [fact] = factsOfLine(line);
  if (fact?.fact !== 'session_log') throw new Error(`no session of: ${line}`);
  return fact;
}

const packets = ['iptables-logs.log', 'unifi-logs.log', 'proxmox-iptables.log']
  .flatMap(linesOf)
  .filter((line) => line.includes('SRC='));
const maybe = present ? describe : describe.skip;

maybe('crowdsec-hub', () => {
  test('has its lines', () => {
    expect(present ? packets.length : 1).toBeGreaterThan(0);
  });

  test.each(present ? packets : ['absent'])('%s', (line) => {
    const fact = onlySession(line);
    expect({
      source: [fact.source.ip, fact.source.port],
      destination: [fact.destination.ip, fact.destination.port],
      ingress: fact.ingressInterface ?? '',
      egress: fact.egressInterface ?? '',
    }).toEqual({
      source: [field(line, 'SRC'), Number(field(line, 'SPT'))],
      destination: [field(line, 'DST'), Number(field(line, 'DPT'))],
      ingress: field(line, 'IN') ?? '',
      egress: field(line, 'OUT') ?? '',
    });
  });

  test('takes the action from the prefix', () => {
    const actions = packets.map((line) => onlySession(line).action);
    expect(actions).toEqual(packets.map(statedAction));
  });

  test('reads MikroTik', () => {
    const facts = linesOf('mikrotik-logs.log').flatMap((line) => factsOfLine(line));
    const seen = facts.map((fact) =>
      fact.fact === 'session_log'
        ? [fact.action, fact.source.ip, fact.source.port, fact.destination.ip, fact.destination.port, fact.protocol]
        : fact.fact === 'event' && [fact.action, fact.outcome, fact.user, fact.sourceIp],
    );
    expect(seen).toEqual([
      ['dropped', '186.26.78.68', 44355, '81.82.202.145', 53, 17],
      ['dropped', '36.97.161.219', 59388, '81.82.202.145', 23, 6],
      ['login', 'failure', 'admin', '10.127.0.35'],
      ['connection_attempt', '2001:db8:1234::1', 40384, '2001:db8:1234::2', 20461, 6],
      ['connection_attempt', '2001:db8:1234::1', 17850, '2001:db8:1234::2', 51413, 17],
      ['connection_attempt', '192.0.2.1', 56282, '192.0.2.2', 36228, 6],
      ['connection_attempt', '192.0.2.1', 42105, '192.0.2.2', 42105, 17],
    ]);
  });
});

/** What a person reads off the prefix. */
function statedAction(line: string): string {
  const [prefix = ''] = line.split('SRC=');
  if (prefix.includes('DROP') || prefix.includes('-D-')) return 'dropped';
  if (prefix.includes('REJECT') || prefix.includes('reject')) return 'denied';
  return prefix.includes('ACCEPT') || prefix.includes('-A-') ? 'allowed' : 'connection_attempt';
}
