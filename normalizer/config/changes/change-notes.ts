import { LRUCache } from 'lru-cache';
import type { Event } from '../../model/facts';

/** What was said of one change of a configuration: by its device's log, by SNMP, by a list of commits. */
export interface ChangeNote {
  /** When the change was made, as whoever tells of it says: epoch ms. */
  readonly at: number;
  /** When it was made or came to us, whichever is known by our own clock: it decides between which readings it lies. */
  readonly by: number;
  /** Empty where nobody is named. */
  readonly author: string;
  /** Commits put in force what others may have typed. */
  readonly commits: boolean;
  /** The line that was typed; empty where it is not told. */
  readonly line: string;
  /** Journal position of the record that says so. */
  readonly rawSeq: number;
}

/** Devices and addresses whose changes are remembered; the one that was quiet longest goes first. */
const MAX_DEVICES = 4096;
/** Changes of one device; a session of typing gives one for each line. */
const MAX_NOTES = 64;
const MAX_LINE = 256;

/** `configuration` events that change nothing of the configuration that runs. */
const NO_CHANGE: ReadonlySet<string> = new Set([
  'config_mode_enter',
  'config_mode_exit',
  'config_read',
  'config_save',
  'config_copy',
  'startup_config_change',
  'log_loss',
  'software_install',
  'software_remove',
  'software_acceptance_change',
]);

/** ASA tells of every command but `show`: 111008, and with its sender 111010. */
const ASA_COMMANDS: ReadonlySet<string> = new Set(['111008', '111010']);
/** Beginnings of commands that concern a session or a file: among them all that we type ourselves. */
const OF_SESSION: ReadonlySet<string> = new Set(
  `show sh terminal enable en disable changeto login logout exit quit end configure conf write wr copy ping traceroute dir more
  pager perfmon clear debug undebug capture packet-tracer test reload verify help`.split(/\s+/),
);

/** Whether a device, or SNMP, says by this event that the configuration that runs was changed. */
export function tellsOfChange({ category, action, outcome, code = '', command = '' }: Event): boolean {
  if (outcome === 'failure') return false;
  if (category === 'configuration') return !NO_CHANGE.has(action);
  if (category !== 'process' || action !== 'command' || !ASA_COMMANDS.has(code.slice(-6))) return false;
  const [first = '', second = ''] = command.trim().toLowerCase().split(/\s+/, 2);
  if (first === 'clear' && second.startsWith('conf')) return true;
  return first !== '' && !OF_SESSION.has(first) && !(first === 'no' && second === 'debug');
}

/** Changes that were told of, by device and by the address that told. Bounded. */
export class ChangeNotes {
  readonly #notes = new LRUCache<string, readonly ChangeNote[]>({ max: MAX_DEVICES });

  /** Names are those of `notesOf`. A note that is known already is not kept twice. */
  add(names: readonly string[], note: ChangeNote): void {
    const kept = { ...note, line: note.line.trim().slice(0, MAX_LINE) };
    for (const name of new Set(names)) {
      if (name === '') continue;
      const known = this.#notes.get(name) ?? [];
      if (known.some((one) => isSame(one, kept))) continue;
      this.#notes.set(name, [...known, kept].slice(-MAX_NOTES));
    }
  }

  /** What was told under any of the names after `after` and until `until`, in the order of telling. */
  between(names: readonly string[], after: number, until: number): readonly ChangeNote[] {
    const found = new Map<string, ChangeNote>();
    for (const name of names) {
      for (const note of this.#notes.peek(name) ?? []) {
        if (note.by > after && note.by <= until) found.set(JSON.stringify(note), note);
      }
    }
    return [...found.values()].sort((a, b) => a.by - b.by || a.rawSeq - b.rawSeq);
  }

  /** Oldest first, so that taking it up keeps the order of use. */
  state(): readonly (readonly [string, readonly ChangeNote[]])[] {
    return [...this.#notes.entries()].reverse();
  }

  restore(state: readonly (readonly [string, readonly ChangeNote[]])[]): void {
    this.#notes.clear();
    for (const [name, notes] of state) this.#notes.set(name, notes);
  }
}

/** Lists of commits come with every reading: what they said before is not told again. */
function isSame(one: ChangeNote, other: ChangeNote): boolean {
  return one.at === other.at && one.author === other.author && one.line === other.line && one.commits === other.commits;
}
