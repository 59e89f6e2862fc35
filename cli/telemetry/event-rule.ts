import type { Labels } from './counters';
import type { LogFields, LogLevel } from './log';

/** What one kind of event becomes: a log line, a counter, an alarm. */
export interface EventRule<Event> {
  /** `warn`: nothing lost; `error`: data lost or a person must act. */
  readonly level: LogLevel;
  message(event: Event): string;
  /** Fields of the log line, ECS names where ECS has them. */
  fields?(event: Event): LogFields;
  /** Log lines are limited for each kind and subject: the peer or listener it is about. Absent: every event is logged. */
  subject?(event: Event): string;
  /** Added to a counter of this name. */
  readonly counter?: string;
  /** How much is added; 1 when absent. */
  amount?(event: Event): number;
  labels?(event: Event): Labels;
  /** The alarm this raises or ends; alarms of one name and subject stand until ended. */
  readonly alarm?: { readonly name: string; readonly state: 'raised' | 'ended' };
}
