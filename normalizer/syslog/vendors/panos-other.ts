import { maskSecrets } from '../../mask-secrets';
import type { Event, FactBase } from '../../model/facts';
import { extras, integer, ip, present, word } from '../grammar/values';
import { SEVERITIES } from './panos.data';
import type { PanosFields } from './panos-fields';
import { userName } from './panos-session';

/** Audit log ("Audit Log Fields"): a command an administrator gave in the CLI, the web interface or the API. */
export function auditEvent(fields: PanosFields, base: FactBase): Event {
  const command = word(fields.get('cmd'));
  const result = word(fields.get('result'))?.toLowerCase();
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'process',
    action: 'command',
    outcome: result === 'success' ? 'success' : result === 'failure' ? 'failure' : undefined,
    code: ['AUDIT', fields.get('subtype')].filter((part) => part !== undefined).join(':'),
    user: userName(fields.get('admin')),
    command: command === undefined ? undefined : maskSecrets(command),
    extra: extras({ 'observer.serial_number': word(fields.get('serial')) }),
  });
}

/** IPTAG ("IP-Tag Log Fields"): an address got or lost a tag that policies match. */
export function tagEvent(fields: PanosFields, base: FactBase): Event {
  const removed = fields.get('subtype') === 'logout' || fields.get('subtype') === 'unregister';
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'iam',
    action: removed ? 'tag_remove' : 'tag_add',
    code: 'IPTAG',
    sourceIp: ip(fields.get('ip')),
    message: word(fields.get('tag_name')),
    extra: extras({
      'panos.timeout': integer(fields.get('timeout')),
      'panos.data_source': word(fields.get('datasource')),
      'panos.data_source_name': word(fields.get('datasourcename')),
      'panos.vsys': word(fields.get('vsys')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
}

/** CORRELATION ("Correlated Events Log Fields"): what the device concludes of a host from several logs. */
export function correlationEvent(fields: PanosFields, base: FactBase): Event {
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'host',
    action: 'correlated_event',
    code: 'CORRELATION',
    severity: SEVERITIES[fields.get('severity') ?? ''],
    user: userName(fields.get('srcuser')),
    sourceIp: ip(fields.get('src')),
    message: word(fields.get('evidence')),
    extra: extras({
      'event.reason': word(fields.get('category')),
      'panos.object': word(fields.get('object')),
      'panos.vsys': word(fields.get('vsys')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
}
