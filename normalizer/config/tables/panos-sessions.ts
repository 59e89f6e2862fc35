import type { End, TableReading } from './table-reading';
import { endOf, wordsOf } from './text';

interface Side {
  readonly end: End;
  readonly zone: string | undefined;
  readonly protocol: number | undefined;
  readonly translated: End | undefined;
}

/**
 * PAN-OS `show session all`: two lines a session, `ID APP STATE TYPE [FLAG] SRC[SPORT]/ZONE/PROTO (TRANSLATED[PORT])`, then
 * `VSYS DST[DPORT]/ZONE (TRANSLATED[PORT])`. Flags: NS source, ND destination, NB both translated.
 */
export function readPanosSessions(table: TableReading): void {
  let first:
    { readonly id: string; readonly application: string; readonly state: string; readonly side: Side } | undefined;
  for (const line of table.lines) {
    const words = wordsOf(line);
    const at = words.findIndex((word) => /\[\d{1,5}\]\//.test(word));
    if (at < 0) continue;
    const side = sideOf(words, at);
    if (side === undefined) {
      table.refuse(line);
      first = undefined;
    } else if (/^\d{1,20}$/.test(words[0] ?? '') && at >= 3) {
      first = { id: words[0] ?? '', application: words[1] ?? '', state: words[2] ?? '', side };
    } else if (first !== undefined) {
      session(table, first, side, words[0]);
      first = undefined;
    }
  }
}

function session(
  table: TableReading,
  {
    id,
    application,
    state,
    side,
  }: { readonly id: string; readonly application: string; readonly state: string; readonly side: Side },
  to: Side,
  vsys: string | undefined,
): void {
  table.session({
    protocol: side.protocol,
    source: side.end,
    destination: to.end,
    natSource: side.translated,
    natDestination: to.translated,
    directed: true,
    parts: {
      sessionKey: id,
      ...(application === 'undecided' ? {} : { application }),
      ...(side.zone === undefined ? {} : { ingressZone: side.zone }),
      ...(to.zone === undefined ? {} : { egressZone: to.zone }),
    },
    extra: { 'ascribe.session.state': state, 'ascribe.vsys': vsys },
  });
}

/** `A[P]/ZONE/PROTO` or `A[P]/ZONE`, and `(B[Q])` behind it. */
function sideOf(words: readonly string[], at: number): Side | undefined {
  const text = words[at] ?? '';
  const close = text.indexOf(']/');
  const end = endOf(text.slice(0, close + 1), '[');
  if (end === undefined) return undefined;
  const [zone, protocol] = text.slice(close + 2).split('/');
  const behind = words[at + 1];
  const translated = behind?.startsWith('(') === true ? endOf(behind.slice(1, -1), '[') : undefined;
  return {
    end,
    zone,
    protocol: protocol !== undefined && /^\d{1,3}$/.test(protocol) ? Number(protocol) : undefined,
    translated,
  };
}
