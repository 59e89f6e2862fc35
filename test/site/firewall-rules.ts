import type { FirewallFlavour } from './inventory';
import type { TrueRule } from './truth';

interface RulePlan {
  readonly name: string;
  readonly id: number;
  readonly protocol: number;
  /** First and last port; absent: any. */
  readonly ports?: readonly [first: number, last: number];
}

/** What the firewall lets out, in order; the first that fits decides. */
export const RULES: readonly RulePlan[] = [
  { name: 'web-out', id: 10, protocol: 6, ports: [443, 443] },
  { name: 'quic-out', id: 11, protocol: 17, ports: [443, 443] },
  { name: 'mail-out', id: 12, protocol: 6, ports: [465, 465] },
  { name: 'dns-tls-out', id: 13, protocol: 6, ports: [853, 853] },
  { name: 'ntp-out', id: 14, protocol: 17, ports: [123, 123] },
  { name: 'mqtt-out', id: 15, protocol: 6, ports: [8883, 8883] },
  { name: 'any-tcp-out', id: 90, protocol: 6 },
  { name: 'any-udp-out', id: 91, protocol: 17 },
];

export const ACL_NAME = 'inside_out';

/** The rule that lets a session out, as this make of firewall writes it. */
export function ruleFor(
  flavour: FirewallFlavour,
  { protocol, serverPort }: { readonly protocol: number; readonly serverPort: number },
): TrueRule | undefined {
  const index = RULES.findIndex(
    (rule) =>
      rule.protocol === protocol &&
      (rule.ports === undefined || (rule.ports[0] <= serverPort && serverPort <= rule.ports[1])),
  );
  const rule = RULES[index];
  if (rule === undefined) return undefined;
  return {
    device: 'fw-1',
    acl: ACL_NAME,
    line: index + 1,
    name: rule.name,
    id: rule.id,
    text: ruleText(flavour, rule),
  };
}

/** The line of the running configuration by which the rule stands in it. */
export function ruleText(flavour: FirewallFlavour, { name, id, protocol, ports }: RulePlan): string {
  const word = protocol === 6 ? 'tcp' : 'udp';
  switch (flavour) {
    case 'asa':
      return `access-list ${ACL_NAME} extended permit ${word} any any${ports === undefined ? '' : ` eq ${ports[0]}`}`;
    case 'fortigate':
      return `edit ${id}`;
    case 'junos':
      return `set security policies from-zone trust to-zone untrust policy ${name} match application ${name}`;
    case 'netfilter':
      return `-A FORWARD -p ${word}${ports === undefined ? '' : ` --dport ${ports[0]}`} -m comment --comment ${name} -j ACCEPT`;
  }
}
