import type { Pager, Question } from '../platform';

/** Pagers that most command lines share: `--More--`, `<--- More --->`, `---(more 42%)---`, also after text of the same line. */
export const MORE: Pager = { shows: /^[^\n]{0,512}-- ?[Mm]ore ?--(?: ?\([^)\n]{0,16}\))? ?$/, press: 'space' };
export const ASA_MORE: Pager = { shows: /^[^\n]{0,512}<--- More --->[ ]?$/, press: 'space' };
export const JUNOS_MORE: Pager = { shows: /^[^\n]{0,512}---\(more[^)\n]{0,16}\)---[ ]?$/, press: 'space' };
/** `less`: a colon, a range of lines, or its end. */
export const LESS: Pager = { shows: /^(?:: ?|lines \d{1,9}-\d{1,9}[^\n]{0,64})$/, press: 'space' };
export const LESS_END: Pager = { shows: /^(?:lines \d{1,9}-\d{1,9}[^\n]{0,64})?\(END\) ?$/, press: 'quit' };

/** Any key, or Enter, before the prompt. */
export const ANY_KEY: Question = {
  shows: /^[^\n]{0,200}[Pp]ress any key(?: to continue)?[^\n]{0,16}$/,
  answer: { press: 'space' },
};
export const PRESS_ENTER: Question = {
  shows: /^[^\n]{0,200}[Pp]ress (?:"?Enter"?|<?RETURN>?)[^\n]{0,32}$/i,
  answer: { press: 'enter' },
};

/** A password that expired: answering would set a new one. */
export const NEW_PASSWORD = {
  shows:
    /^[^\n]{0,200}(?:[Nn]ew|NEW|[Cc]hange(?: your)?|[Ee]nter new|[Cc]urrent|\(current\)[^\n]{0,16}) ?[Pp]assword ?[:>] ?$/,
  reason: 'the device asks for a new password',
} as const;

/** Cisco and those that speak like it: what AAA or a privilege level refuses. */
export const CISCO_REFUSED: readonly RegExp[] = [
  /^(?:ERROR: )?(?:% ?)?Command authorization failed/i,
  /^(?:ERROR: )?% ?Authorization (?:failed|denied)/i,
  /^(?:ERROR: )?% ?Permission denied/i,
  /^(?:ERROR: )?% ?(?:This command is not authorized|Insufficient privilege)/i,
];

export const CISCO_UNKNOWN: readonly RegExp[] = [
  /^(?:ERROR: )?% ?Invalid (?:input|command|number|parameter)/i,
  /^(?:ERROR: )?% ?(?:Incomplete|Ambiguous|Unknown|Unrecognized) command/i,
  /^Cmd exec error/i,
];
