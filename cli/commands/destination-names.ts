import type { AskedName, DestinationName } from '../../store/queries/names';
import type { SessionRow } from '../../store/queries/sessions';
import type { JsonValue } from '../output/ndjson';
import { formatDuration } from '../output/units';
import { words } from './sessions-answer';

/** `12 s before`; clocks of two devices differ, so that a moment after counts as at once. */
export function agoText(ms: number): string {
  return ms < 1000 ? 'at once before' : `${formatDuration(ms)} before`;
}

/** `www.example.com, asked for by it 2 s before (record 7 of dns1)`. `start`: of the session, epoch ms. */
export function nameText({ name, answeredAt, askedAt, device, rawSeq }: DestinationName, start: number): string {
  const asked =
    askedAt === null
      ? `given for it ${agoText(start - answeredAt)} to others, not to it`
      : `asked for by it ${agoText(start - askedAt)}`;
  return `${name}, ${asked} (record ${rawSeq} of ${device})`;
}

/** A name of a session's destination as one object of `session --json`. */
export function nameJson(session: SessionRow, name: DestinationName | AskedName): Record<string, JsonValue> {
  const { askedAt } = name;
  return {
    'ascribe.part': 'name',
    'ascribe.session.id': words(session['id']),
    'destination.domain': name.name,
    ...('answeredAt' in name && { 'ascribe.name.answered_at': new Date(name.answeredAt).toISOString() }),
    ...(askedAt !== null && { 'ascribe.name.asked_at': new Date(askedAt).toISOString() }),
    'ascribe.name.basis': 'answeredAt' in name ? (askedAt === null ? 'others_asked' : 'asked') : 'asked_before',
    'observer.name': name.device,
    'ascribe.parser': name.parser,
    'ascribe.raw_seq': name.rawSeq,
  };
}
