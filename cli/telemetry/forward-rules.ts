import type { ForwardEvent } from '../../forwarders/forward-events';
import { formatCount, formatDuration } from '../output/units';
import type { EventRule } from './event-rule';

type ForwardRules = { readonly [Kind in ForwardEvent['kind']]: EventRule<Extract<ForwardEvent, { kind: Kind }>> };

const byDestination = ({ destination }: { readonly destination: string }): string => destination;
const labels = (event: { readonly destination: string }): { destination: string } => ({
  destination: event.destination,
});

/** What becomes of the events of forwarding. */
export const FORWARD_RULES: ForwardRules = {
  forward_failing: {
    level: 'warn',
    message: ({ destination, cause, retryMs }) =>
      `${destination} takes nothing now, again in ${formatDuration(retryMs)}: ${cause}`,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDestination,
    counter: 'ascribe_forward_failures_total',
    labels,
    alarm: { name: 'forward_failing', state: 'raised' },
  },
  forward_denied: {
    level: 'error',
    message: ({ destination, cause }) => `${destination} does not accept what is sent, somebody must look: ${cause}`,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDestination,
    counter: 'ascribe_forward_failures_total',
    labels,
    alarm: { name: 'forward_failing', state: 'raised' },
  },
  forward_works: {
    level: 'info',
    message: ({ destination, failures }) => `${destination} takes records again, after ${formatCount(failures)} tries`,
    subject: byDestination,
    alarm: { name: 'forward_failing', state: 'ended' },
  },
  forward_dead: {
    level: 'error',
    message: ({ destination, records, cause }) =>
      `${destination} refuses ${formatCount(records)} records for good, kept as dead letters (ascribe forward status): ${cause}`,
    fields: ({ code }) => ({ 'error.code': code }),
    subject: byDestination,
    counter: 'ascribe_forward_dead_total',
    amount: ({ records }) => records,
    labels,
  },
  forward_gap: {
    level: 'error',
    message: ({ destination, records, segment, missing }) =>
      `retention removes ${segment} before ${destination} had ${formatCount(missing)} ${records} of it: recorded as a gap`,
    subject: byDestination,
    counter: 'ascribe_forward_gap_records_total',
    amount: ({ missing }) => missing,
    labels,
    alarm: { name: 'forward_gap', state: 'raised' },
  },
  forward_rewound: {
    level: 'warn',
    message: ({ destination, records }) =>
      `the store was derived anew: ${destination} gets all ${records} again, with the same ids`,
    subject: byDestination,
  },
  forward_redriven: {
    level: 'info',
    message: ({ destination, delivered, dead, gone }) =>
      `${destination}: ${formatCount(delivered)} dead letters delivered, ${formatCount(dead)} refused again, ${formatCount(gone)} no longer in the store`,
  },
};
