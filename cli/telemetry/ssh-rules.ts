import type { SshEvent } from '../../collectors/ssh/ssh-events';
import { formatBytes, formatCount, formatDuration } from '../output/units';
import type { EventRule } from './event-rule';

type SshRules = { readonly [Kind in SshEvent['kind']]: EventRule<Extract<SshEvent, { kind: Kind }>> };

const byDevice = ({ device }: { readonly device: string }): string => device;

/** What becomes of the events of the SSH collector. */
export const SSH_RULES: SshRules = {
  ssh_connected: {
    level: 'info',
    message: ({ device, software, hostKey, legacyAlgorithms }) =>
      `logged in to ${device} (${software}, host key ${hostKey}${legacyAlgorithms ? ', broken algorithms offered' : ''})`,
    subject: byDevice,
    counter: 'ascribe_ssh_connections_total',
  },
  ssh_unavailable: {
    level: 'warn',
    message: ({ text, code }) => `not read over SSH (${code}): ${text}`,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDevice,
    counter: 'ascribe_ssh_devices_unavailable_total',
    labels: ({ code }) => ({ code }),
    alarm: { name: 'ssh_device_unavailable', state: 'raised' },
  },
  ssh_available: {
    level: 'info',
    message: ({ device, failures }) => `${device} is read over SSH again, after ${formatCount(failures)} failed tries`,
    subject: byDevice,
    alarm: { name: 'ssh_device_unavailable', state: 'ended' },
  },
  ssh_host_key_refused: {
    level: 'error',
    message: ({ text }) => text,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDevice,
    counter: 'ascribe_ssh_host_keys_refused_total',
    labels: ({ code }) => ({ code }),
    alarm: { name: 'ssh_device_unavailable', state: 'raised' },
  },
  ssh_login_held: {
    level: 'error',
    message: ({ text, code }) =>
      `${text} (${code}); not tried again until ascribe is reloaded, so that no account is locked`,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDevice,
    counter: 'ascribe_ssh_logins_held_total',
    labels: ({ code }) => ({ code }),
    alarm: { name: 'ssh_device_unavailable', state: 'raised' },
  },
  ssh_command_incomplete: {
    level: 'warn',
    message: ({ device, command, reason, text }) =>
      `${command} of ${device} was read in part (${reason})${text === '' ? '' : `: ${text}`}`,
    subject: byDevice,
    counter: 'ascribe_ssh_commands_incomplete_total',
    labels: ({ reason }) => ({ reason }),
  },
  ssh_log_gap: {
    level: 'error',
    message: ({ device, file, reason }) => `lines of ${file} on ${device} are missing (${reason})`,
    subject: byDevice,
    counter: 'ascribe_ssh_log_gaps_total',
    labels: ({ reason }) => ({ reason }),
  },
  ssh_log_behind: {
    level: 'warn',
    message: ({ device, bytes }) => `${formatBytes(bytes)} of log on ${device} are not read yet`,
    subject: byDevice,
    alarm: { name: 'ssh_log_behind', state: 'raised' },
  },
  ssh_log_caught_up: {
    level: 'info',
    message: ({ device }) => `the logs of ${device} are read up to now`,
    subject: byDevice,
    alarm: { name: 'ssh_log_behind', state: 'ended' },
  },
  ssh_clock_stepped: {
    level: 'warn',
    message: ({ device, milliseconds }) => `the clock of ${device} stepped by ${formatDuration(milliseconds)}`,
    subject: byDevice,
    counter: 'ascribe_ssh_clock_steps_total',
  },
  ssh_record_dropped: {
    level: 'warn',
    message: ({ device, command, bytes }) =>
      `${command} of ${device} (${formatBytes(bytes)}) found no room in the queue to the journal; it is read again later`,
    subject: byDevice,
    counter: 'ascribe_ssh_records_dropped_total',
  },
  ssh_limitation: {
    level: 'warn',
    message: ({ device, text }) => `${device}: ${text}`,
    subject: byDevice,
  },
};
