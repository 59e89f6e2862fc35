import { netflowType } from '../collectors/netflow/netflow-type';
import { snmpType } from '../collectors/snmp/snmp-type';
import { sshType } from '../collectors/ssh/ssh-type';
import { syslogType } from '../collectors/syslog/syslog-type';

/** Every way in that runs in the daemon. A new one is one line here and one in the configuration's `collectors`. */
export const COLLECTORS = { netflow: netflowType, syslog: syslogType, snmp: snmpType, ssh: sshType } as const;

export type CollectorName = keyof typeof COLLECTORS;

/** The sections of one collector as they were written; what is not written is one section of defaults. */
export function writtenSections(written: unknown, name: CollectorName): readonly unknown[] {
  const collectors = (written as { readonly collectors?: Record<string, unknown> | null } | null)?.collectors;
  const sections = collectors?.[name];
  return Array.isArray(sections) ? sections : [{}];
}
