import { LRUCache } from 'lru-cache';

/** Seconds by which an authentic message may be behind (RFC 3414 section 2.2.3). */
export const TIME_WINDOW_SECONDS = 150;

/** Messages of one engine remembered within the window. */
const MESSAGE_LIMIT = 16_384;

interface Engine {
  boots: number;
  /** The latest time seen. */
  time: number;
  /** What is older is refused. */
  floor: number;
  /** Digest of a message to its time, oldest first. */
  readonly seen: Map<string, number>;
}

/**
 * Lets each authentic message of an engine pass once. A message is refused when its engine has restarted since, when it
 * is older than the window of RFC 3414 section 3.2 (7b), or when it has passed before. The first message of an engine
 * sets its clock: what was recorded before this program started can pass once, then the true clock shuts it out.
 */
export class ReplayWindow {
  readonly #engines: LRUCache<string, Engine>;

  constructor(engineLimit: number) {
    this.#engines = new LRUCache({ max: engineLimit });
  }

  /** `digest` identifies the message, which must have been authenticated before. */
  passes(engineId: string, boots: number, time: number, digest: string): boolean {
    const engine = this.#engines.get(engineId);
    if (engine === undefined || boots > engine.boots) {
      this.#engines.set(engineId, { boots, time, floor: time - TIME_WINDOW_SECONDS, seen: new Map([[digest, time]]) });
      return true;
    }
    if (boots < engine.boots || time < engine.floor || engine.seen.has(digest)) return false;
    engine.seen.set(digest, time);
    if (time > engine.time) {
      engine.time = time;
      engine.floor = Math.max(engine.floor, time - TIME_WINDOW_SECONDS);
    }
    forget(engine);
    return true;
  }

  /** Lets a message pass again, because it could not be kept. */
  readmit(engineId: string, digest: string): void {
    this.#engines.get(engineId)?.seen.delete(digest);
  }
}

/** Drops what the floor refuses anyway, and raises the floor when an engine sends more than is remembered. */
function forget(engine: Engine): void {
  for (const [digest, time] of engine.seen) {
    if (time >= engine.floor && engine.seen.size <= MESSAGE_LIMIT) break;
    engine.seen.delete(digest);
    if (time >= engine.floor) engine.floor = Math.min(engine.time, time + 1);
  }
}
