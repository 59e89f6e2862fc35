import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second, the unit of /proc/PID/stat: 100 on every Linux of today, but asked all the same. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly name: string;
  readonly parent: number;
  readonly ticks: number;
}

/** CPU seconds, user and system, that a process with all threads and all living descendants has used (proc_pid_stat(5)). */
export function cpuSecondsOf(root: number): number {
  const stats = new Map<number, Stat>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(entry) : undefined;
    if (stat !== undefined) stats.set(Number(entry), stat);
  }
  const isOfTree = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = stats.get(at)?.parent) {
      if (at === root) return true;
    }
    return false;
  };
  let ticks = 0;
  for (const [pid, stat] of stats) if (isOfTree(pid)) ticks += stat.ticks;
  return ticks / TICKS;
}

/** CPU seconds of one process by the names of its threads; threads of one name together. */
export function cpuSecondsByThread(pid: number): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = statOf(`${pid}/task/${thread}`);
    if (stat === undefined) continue;
    seconds.set(stat.name, (seconds.get(stat.name) ?? 0) + stat.ticks / TICKS);
  }
  return seconds;
}

/** Fields behind the name, which may hold blanks and parentheses: state, ppid, … utime (14th of all), stime. */
function statOf(task: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${task}/stat`, 'utf8');
    const nameEnd = text.lastIndexOf(')');
    const fields = text.slice(nameEnd + 2).split(' ');
    return {
      name: text.slice(text.indexOf('(') + 1, nameEnd),
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
    };
  } catch {
    // Ended since the listing.
    return undefined;
  }
}
