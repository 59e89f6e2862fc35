import type { Database } from 'better-sqlite3';
import { type AccountInput, type AccountReopen, AccountStore } from '../../store/analysis/account-store';
import { isProxied, type RequestInput, requestOf } from '../../store/analysis/request-store';
import type { StageCursor } from '../../store/analysis/session-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import type { SessionLogRow } from '../../store/facts/facts-reader';
import type { VerdictRules } from './verdict-rules';
import { nextStep } from '../sessions/segment-walk';
import { accountKey } from './reopen';
import { requestReopened } from './requests';

/** Session logs of one transaction. */
const BATCH = 5000;

/** How far around an account sessions are looked at again, ms: clocks that were measured scatter by less. */
const AROUND_MS = 15_000;

/** How long sessions go on of whose end, or whose beginning, an account says nothing, ms. */
const GOES_ON_MS = 600_000;
const WENT_ON_MS = 3_600_000;

const UDP = 17;

/** Reads session logs, also those of proxies, from the facts segments into `ascribe.db`, and notes for which sessions they say something new. */
export class AccountStage {
  readonly #facts: FactsDirectory;
  readonly #store: AccountStore;
  readonly #rules: Pick<VerdictRules, 'scopeOf'>;
  #cursor: StageCursor | undefined;
  #knownTo: number;

  /** `db` is the writer's connection to `ascribe.db`. */
  constructor(db: Database, facts: FactsDirectory, rules: Pick<VerdictRules, 'scopeOf'>) {
    this.#facts = facts;
    this.#store = new AccountStore(db);
    this.#rules = rules;
    this.#cursor = this.#store.cursor();
    this.#knownTo = this.#store.knownTo();
  }

  /** Reads about `maxRows` session logs more and returns how many; fewer when there are no more yet. */
  advance(maxRows: number): number {
    let rows = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const next = nextStep(this.#facts, this.#cursor, (reader, after) => reader.sessionLogsAfter(after, limit));
      if (next === undefined) break;
      this.#take(next.rows, next.place);
      rows += next.rows.length;
    }
    return rows;
  }

  #take(rows: readonly SessionLogRow[], place: StageCursor): void {
    const inputs: AccountInput[] = [];
    const requests: RequestInput[] = [];
    const reopened: AccountReopen[] = [];
    let knownTo = this.#knownTo;
    for (const row of rows) {
      knownTo = Math.max(knownTo, row.receivedAt);
      if (row.src === null) continue;
      const at = timeOf(row);
      if (isProxied(row)) {
        const request = requestOf(row, at);
        if (request === undefined) continue;
        requests.push(request);
        reopened.push(requestReopened(request));
        continue;
      }
      inputs.push({ row, scope: this.#rules.scopeOf(row.device, row.vrf), at });
      reopened.push(...reopenedBy(row, at));
    }
    this.#store.commit({ inputs, requests, reopened }, place, knownTo);
    this.#knownTo = knownTo;
    this.#cursor = place;
  }
}

/** A clock that is not set, or is off by more than a day, says nothing: then the receive time decides. */
function timeOf({ at, receivedAt, timeQuality }: SessionLogRow): number {
  return at === null || timeQuality === 'unsynced' || timeQuality === 'skewed' ? receivedAt : at;
}

/**
 * An account speaks of sessions between its beginning and its end: as stated, or as long as sessions may go on. Datagrams of
 * one holder of a port and of the next may be one session outside, which began with the first.
 */
function reopenedBy(row: SessionLogRow, at: number): AccountReopen[] {
  const isBegin = /start|create|begin|built|open/u.test(row.action);
  const isEnd = /end|delete|close|teardown/u.test(row.action);
  const isAlone = row.protocol !== UDP && (isBegin || row.start !== null);
  const from = Math.min(row.start ?? at, isAlone ? at : at - WENT_ON_MS) - AROUND_MS;
  const to = Math.max(row.end ?? (isEnd ? at : at + GOES_ON_MS), at) + AROUND_MS;
  const ends: AccountReopen[] = [];
  if (row.src !== null) {
    ends.push({ relation: 'account', key: accountKey(hexOfBytes(row.src), row.srcPort), from, to });
  }
  const outside = row.natSrc ?? (row.natSrcPort === null ? null : row.src);
  if (outside !== null) {
    const key = accountKey(hexOfBytes(outside), row.natSrcPort ?? row.srcPort);
    ends.push({ relation: 'account_out', key, from, to });
  }
  return ends;
}

function hexOfBytes(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
