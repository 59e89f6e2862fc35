import { EsxiStandIn } from '../../test/site/esxi/esxi-stand-in';
import { makeHost } from '../../test/site/esxi/esxi-world';

/** What the bench asks of this process. */
export interface HostsOrder {
  readonly hosts: number;
  /** How many of them write fast and rotate. */
  readonly busy: number;
  /** Lines a second of a busy host, and of the others. */
  readonly rate: number;
  readonly quietRate: number;
  readonly rotateMs: number;
}

/** A host that can be connected to. */
export interface HostPlace {
  readonly name: string;
  readonly port: number;
  readonly hostKey: string;
}

export type HostsMessage =
  | { readonly kind: 'places'; readonly places: readonly HostPlace[] }
  /** Lines written by each host when it was told to stop writing. */
  | { readonly kind: 'written'; readonly written: Readonly<Record<string, number>> };

const TICK_MS = 50;
const FILE = '/var/run/log/hostd.log';

/** SIMULATED hosts in a process of their own, so that their work is not counted as the collector's. */
class Hosts {
  readonly #hosts: { readonly name: string; readonly standIn: EsxiStandIn; readonly rate: number; written: number }[] =
    [];
  #timers: NodeJS.Timeout[] = [];

  async start({ hosts, busy, rate, quietRate, rotateMs }: HostsOrder): Promise<readonly HostPlace[]> {
    for (let i = 0; i < hosts; i += 1) {
      const name = `esx-${String(i).padStart(3, '0')}`;
      const world = makeHost({ name, version: '8.0' });
      const standIn = await new EsxiStandIn({ host: () => world }).start();
      this.#hosts.push({ name, standIn, rate: i < busy ? rate : quietRate, written: 0 });
    }
    let last = performance.now();
    let owed = 0;
    const write = (): void => {
      const now = performance.now();
      owed += (now - last) / 1000;
      last = now;
      this.#write(owed);
    };
    this.#timers = [setInterval(write, TICK_MS), setInterval(() => this.#rotate(busy), rotateMs)];
    return this.#hosts.map(({ name, standIn }) => ({ name, port: standIn.port, hostKey: standIn.server.hostKeys[0]! }));
  }

  /** Ends the writing; the hosts go on answering. */
  finish(): Readonly<Record<string, number>> {
    for (const timer of this.#timers) clearInterval(timer);
    return Object.fromEntries(this.#hosts.map(({ name, written }) => [name, written]));
  }

  /** Brings each host to the lines it owes after so many seconds. The time is that of writing: the lag is measured by it. */
  #write(seconds: number): void {
    const stamp = new Date().toISOString();
    for (const host of this.#hosts) {
      const due = Math.floor(host.rate * seconds);
      if (due <= host.written) continue;
      let text = '';
      for (; host.written < due; host.written += 1) {
        text += `${stamp} In(166) Hostd[2099494]: [Originator@6876 sub=Vimsvc.ha-eventmgr] number ${host.written} of this host\n`;
      }
      host.standIn.volume.append(FILE, text);
    }
  }

  #rotate(busy: number): void {
    for (const { standIn } of this.#hosts.slice(0, busy)) standIn.volume.rotate(FILE, 'rename', 16);
  }
}

const hosts = new Hosts();
const send = (message: HostsMessage): void => void process.send?.(message);
process.on('message', (order: HostsOrder | 'finish') => {
  if (order === 'finish') send({ kind: 'written', written: hosts.finish() });
  else void hosts.start(order).then((places) => send({ kind: 'places', places }));
});
