/** SonicWall log knowledge. Source: "SonicOS Log Events Reference Guide" 5.9-7.1 (message ids, tags), sonicwall.com. */

/** Message ids (`m=`) about sessions. */
export const SESSION_MESSAGES: Readonly<
  Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>
> = {
  '98': { action: 'session_start', outcome: 'success' },
  '537': { action: 'session_end', outcome: 'success' },
  '97': { action: 'allowed', outcome: 'success' },
  '14': { action: 'denied', outcome: 'failure' },
  '16': { action: 'denied', outcome: 'failure' },
  '36': { action: 'dropped', outcome: 'failure' },
  '37': { action: 'dropped', outcome: 'failure' },
  '38': { action: 'dropped', outcome: 'failure' },
  '41': { action: 'dropped', outcome: 'failure' },
  '173': { action: 'dropped', outcome: 'failure' },
  '174': { action: 'dropped', outcome: 'failure' },
  '524': { action: 'dropped', outcome: 'failure' },
  '526': { action: 'allowed', outcome: 'success' },
  '1197': { action: 'nat_create', outcome: 'success' },
};

/** `fw_action=`; `NA` says nothing. */
export const FIREWALL_ACTIONS: Readonly<
  Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>
> = {
  forward: { action: 'allowed', outcome: 'success' },
  allow: { action: 'allowed', outcome: 'success' },
  mgmt: { action: 'allowed', outcome: 'success' },
  drop: { action: 'dropped', outcome: 'failure' },
  deny: { action: 'denied', outcome: 'failure' },
  block: { action: 'denied', outcome: 'failure' },
  reset: { action: 'reset', outcome: 'failure' },
};

/** Words in `msg=` that say what happened where neither id nor action does; the first found decides. */
export const SESSION_WORDS: readonly (readonly [word: string, action: string, outcome: 'success' | 'failure'])[] = [
  ['dropped', 'dropped', 'failure'],
  ['denied', 'denied', 'failure'],
  ['blocked', 'denied', 'failure'],
  ['prevention alert', 'denied', 'failure'],
  ['allowed', 'allowed', 'success'],
];

/** Words in `msg=` about administrators and users; the first found decides. */
export const EVENT_WORDS: readonly (readonly [
  word: string,
  category: string,
  action: string,
  outcome: 'success' | 'failure' | undefined,
])[] = [
  ['login denied', 'authentication', 'login', 'failure'],
  ['login failed', 'authentication', 'login', 'failure'],
  ['login disabled', 'authentication', 'login', 'failure'],
  ['login allowed', 'authentication', 'login', 'success'],
  ['login successful', 'authentication', 'login', 'success'],
  ['successful administrator login', 'authentication', 'login', 'success'],
  ['administrator login allowed', 'authentication', 'login', 'success'],
  ['logged out', 'authentication', 'logout', 'success'],
  ['configuration succeeded', 'configuration', 'config_change', 'success'],
  ['configuration failed', 'configuration', 'config_change', 'failure'],
  ['configuration changed', 'configuration', 'config_change', 'success'],
  ['link is up', 'network', 'interface_up', undefined],
  ['link is down', 'network', 'interface_down', undefined],
  ['log cleared', 'configuration', 'log_loss', 'success'],
];

/** CEF extension keys (SonicOS "ArcSight" format) under the tags of the default format. */
export const CEF_FIELDS: Readonly<Record<string, string>> = {
  smac: 'srcMac',
  dmac: 'dstMac',
  out: 'sent',
  in: 'rcvd',
  suser: 'usr',
  susr: 'usr',
  cnt: 'n',
  cs1: 'rule',
  // SonicOS writes the values themselves behind `…Label`.
  cs3Label: 'srcZone',
  cs4Label: 'dstZone',
  cn1Label: 'rpkt',
  cn2Label: 'spkt',
  cn3Label: 'cdur',
};
