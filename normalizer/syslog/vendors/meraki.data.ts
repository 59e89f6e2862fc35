/** Cisco Meraki log knowledge. Source: "Syslog Event Types and Log Samples", documentation.meraki.com. */

/** Types whose lines are decisions about flows: `src=… dst=… protocol=… [pattern: …]`. */
export const FLOW_TYPES: ReadonlySet<string> = new Set([
  'flows',
  'firewall',
  'vpn_firewall',
  'cellular_firewall',
  'bridge_anyconnect_client_vpn_firewall',
  'l7_firewall',
]);

/** Types that mark the ends of a translated flow. */
export const SESSION_TYPES: Readonly<Record<string, string>> = {
  ip_flow_start: 'session_start',
  ip_flow_end: 'session_end',
};

/** All types read here. */
export const TYPES: ReadonlySet<string> = new Set([
  ...FLOW_TYPES,
  ...Object.keys(SESSION_TYPES),
  'events',
  'urls',
  'security_event',
  'ids-alerts',
]);

/** First words of a pattern or of a line, and IDS decisions. `1 all` and `0 …` are not explained by Meraki: no verdict. */
export const VERDICTS: Readonly<Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>> =
  {
    allow: { action: 'allowed', outcome: 'success' },
    allowed: { action: 'allowed', outcome: 'success' },
    deny: { action: 'denied', outcome: 'failure' },
    block: { action: 'denied', outcome: 'failure' },
    blocked: { action: 'denied', outcome: 'failure' },
  };

/** `type=` of events with a meaning of their own. */
export const EVENT_TYPES: Readonly<
  Record<string, { readonly category: string; readonly action: string; readonly outcome?: 'success' | 'failure' }>
> = {
  '8021x_auth': { category: 'authentication', action: 'login', outcome: 'success' },
  '8021x_eap_success': { category: 'authentication', action: 'login', outcome: 'success' },
  '8021x_eap_failure': { category: 'authentication', action: 'login', outcome: 'failure' },
  '8021x_deauth': { category: 'authentication', action: 'logout' },
  '8021x_client_deauth': { category: 'authentication', action: 'logout' },
  splash_auth: { category: 'authentication', action: 'login', outcome: 'success' },
  anyconnect_vpn_auth_success: { category: 'authentication', action: 'login', outcome: 'success' },
  anyconnect_vpn_auth_failure: { category: 'authentication', action: 'login', outcome: 'failure' },
};
