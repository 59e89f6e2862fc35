import { DEFAULT_SESSION_RULES, type SessionRules } from '../../attribution/sessions/session-rules';
import { settingsFor } from '../config/device-settings';
import type { Config } from '../config/schema';

/** How this configuration makes sessions of flows. */
export function sessionRules(config: Pick<Config, 'home_networks' | 'sessions' | 'devices'>): SessionRules {
  const settings = settingsFor(config.devices);
  const { tcp_gap: tcp, udp_gap: udp, icmp_gap: icmp, other_gap: other } = config.sessions;
  return {
    ...DEFAULT_SESSION_RULES,
    homeNetworks: config.home_networks.map(({ text }) => text),
    scopeOf: (exporter, vrf) => [settings(exporter).scope ?? '', vrf ?? ''].filter((part) => part !== '').join('/'),
    gapMs: { 6: tcp, 17: udp, 1: icmp, 58: icmp, other },
    activeTimeoutMs: config.sessions.active_timeout,
    clockSkewMs: config.sessions.clock_skew,
  };
}
