import type { Account, Leg } from '../../store/analysis/evidence-record';
import type { Evidence } from './evidence';
import { UNMEASURED_MS } from './priors.data';
import type { SessionTime } from './session-time';
import { claimOdds, fitOf, type TranslationClaim } from './translation-claim';

/** Where accounts of a session are looked for first, ms: clocks that were measured scatter by less. */
const NEAR_MS = 10_000;

/** Where they are looked for next: some devices log a session minutes after its last packet. */
const AROUND_MS = 150_000;

/** What one device said of one session, from its beginning to its end. Times by the reference clock. */
export interface AccountSpan {
  readonly accounts: readonly Account[];
  readonly from: number | null;
  to: number | null;
  readonly offset: number;
  readonly residual: number;
  readonly tick: number;
}

const BEGINS = /(?:start|create|begin|built|open)/u;
const ENDS = /(?:end|delete|close|teardown)/u;

/**
 * Spans of the accounts that speak of one endpoint, as the outside or the inside of a translation, around a session. Looked
 * for nearby first: a port that is used again at once has thousands of them.
 */
export function accountSpans(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  side: 'outside' | 'inside',
): readonly AccountSpan[] {
  const near = spansAround(evidence, leg, time, side, NEAR_MS);
  if (near.some((span) => fitOf(span, wantedOf(span, time), false) !== undefined)) return near;
  const far = spansAround(evidence, leg, time, side, AROUND_MS);
  return far.length > 0 || leg.srcPort === null ? far : spansBefore(evidence, leg, time, side);
}

function spansAround(evidence: Evidence, leg: Leg, time: SessionTime, side: 'outside' | 'inside', around: number) {
  const found = evidence.logOffsets(time.start).flatMap((offset) => {
    return accountsOf(evidence, leg, side, time.start + offset - around, time.end + offset + around);
  });
  const unique = [...new Map(found.map((account) => [account.num, account])).values()];
  return spansOf(
    evidence,
    unique.filter((account) => isAbout(account, leg)),
  );
}

/** What began long before, and of whose end nobody has told. */
function spansBefore(evidence: Evidence, leg: Leg, time: SessionTime, side: 'outside' | 'inside'): AccountSpan[] {
  const before = evidence.accountsBefore(side, leg.src, leg.srcPort, time.start);
  return spansOf(
    evidence,
    before.filter((account) => isAbout(account, leg)),
  );
}

/** By the port, then by the address alone where translations keep the port. */
function accountsOf(
  evidence: Evidence,
  { src, srcPort }: Leg,
  side: 'outside' | 'inside',
  from: number,
  to: number,
): readonly Account[] {
  if (side === 'inside') return evidence.accountsInside(src, srcPort, from, to);
  const near = evidence.accountsOutside(src, srcPort, from, to);
  return near.length > 0 || srcPort === null ? near : evidence.accountsOutside(src, null, from, to);
}

/** Claims of the spans that fit the session. */
export function accountClaims(spans: readonly AccountSpan[], time: SessionTime): TranslationClaim[] {
  return spans.flatMap((span) => claimOf(span, time) ?? []);
}

function claimOf(span: AccountSpan, time: SessionTime): TranslationClaim | undefined {
  const account = span.accounts.find(({ dst }) => dst !== null) ?? span.accounts[0]!;
  if (account.src === null) return undefined;
  const withDestination = account.dst !== null;
  const fit = fitOf(span, wantedOf(span, time), !withDestination);
  if (fit === undefined) return undefined;
  const name = withDestination ? 'nat-log' : account.natSrcPort === null ? 'nat-static' : 'nat-binding';
  return {
    class: name,
    inside: account.src,
    insidePort: account.natSrcPort === null && !withDestination ? null : account.srcPort,
    scope: account.scope,
    device: account.device,
    parser: account.parser,
    from: span.from,
    to: span.to,
    offset: span.offset,
    odds: claimOdds(name, fit),
    rawSeqs: [...new Set(span.accounts.map(({ rawSeq }) => rawSeq))].sort((a, b) => a - b),
    withDestination,
    bytes: span.accounts.reduce<number | null>(
      (most, { bytes }) => (bytes === null ? most : Math.max(most ?? 0, bytes)),
      null,
    ),
    account,
    leg: undefined,
  };
}

/** The session's time with the scatter of both clocks. */
export function wantedOf({ residual }: Pick<AccountSpan, 'residual'>, time: SessionTime) {
  return { start: time.start, end: time.end, residual: residual + time.residual };
}

/** Whether an account can be about the session: the protocol and, where it is told, the destination are equal. */
function isAbout(account: Account, leg: Leg): boolean {
  if (account.protocol !== null && account.protocol !== leg.protocol) return false;
  if (account.dst === null) return true;
  // A translated destination is seen as it is called on one side, and as it is reached on the other.
  const own = account.dst === leg.dst && samePort(account.dstPort, leg.dstPort);
  return own || (account.natDst === leg.dst && samePort(account.natDstPort ?? account.dstPort, leg.dstPort));
}

function samePort(left: number | null, right: number | null): boolean {
  return left === null || right === null || left === right;
}

/** Joins the beginning and the end that one device told of one session. */
function spansOf(evidence: Evidence, accounts: readonly Account[]): AccountSpan[] {
  const groups = new Map<string, Account[]>();
  for (const account of accounts) {
    const { device, src, srcPort, dst, dstPort, natSrc, natSrcPort } = account;
    const key = `${device} ${src} ${srcPort} ${dst} ${dstPort} ${natSrc} ${natSrcPort}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [account]);
    else same.push(account);
  }
  const spans = [...groups.values()].flatMap((group) => joined(evidence, group));
  for (const span of spans) if (span.to === null) span.to = supersededAt(span, spans);
  return spans;
}

function joined(evidence: Evidence, group: Account[]): AccountSpan[] {
  const spans: AccountSpan[] = [];
  for (const account of group.sort((a, b) => a.at - b.at || a.num - b.num)) {
    const clock = evidence.logClock(account.device, account.at);
    const { offset, residual } = clock ?? { offset: 0, residual: UNMEASURED_MS };
    const begins = BEGINS.test(account.action);
    const ends = ENDS.test(account.action);
    const from = account.start ?? (begins ? account.at : null);
    const to = account.end ?? (ends ? account.at : null);
    const last = spans.at(-1);
    if (last !== undefined && continues(last, account, begins)) {
      spans[spans.length - 1] = { ...last, accounts: [...last.accounts, account], to: shifted(to, offset) ?? last.to };
      continue;
    }
    const tick = account.at % 1000 === 0 && (from ?? 0) % 1000 === 0 ? 999 : 0;
    spans.push({ accounts: [account], from: shifted(from, offset), to: shifted(to, offset), offset, residual, tick });
  }
  return spans;
}

/** An end belongs to the beginning before it, by the device's own id of the session where it gives one. */
function continues({ accounts, to }: AccountSpan, account: Account, begins: boolean): boolean {
  const key = accounts.find(({ sessionKey }) => sessionKey !== null)?.sessionKey;
  if (key !== undefined && account.sessionKey !== null) return key === account.sessionKey;
  return !begins && to === null;
}

/** An end that was lost: the endpoint was given to another session later. */
function supersededAt(span: AccountSpan, spans: readonly AccountSpan[]): number | null {
  const [{ device, natSrcPort, dst }] = span.accounts as [Account];
  if (span.from === null || natSrcPort === null) return null;
  let next: number | null = null;
  for (const other of spans) {
    if (other === span || other.from === null || other.from <= span.from) continue;
    const [first] = other.accounts as [Account];
    if (first.device === device && (dst === null || first.dst === dst)) next = Math.min(next ?? other.from, other.from);
  }
  return next;
}

function shifted(time: number | null, offset: number): number | null {
  return time === null ? null : time - offset;
}
