import { AgentSession } from '../../collectors/snmp/adapter/agent-session';
import { SharedSockets } from '../../collectors/snmp/adapter/shared-sockets';
import { AnswerSize } from '../../collectors/snmp/answer-size';
import { readTable } from '../../collectors/snmp/walk';

/** One walk; times in milliseconds. */
export interface Walked {
  readonly varbinds: number;
  readonly complete: boolean;
  readonly wall: number;
  readonly cpu: number;
}

/*
 * `walk-child.js PORT TIMES ROOT…`: walks the columns of one agent on 127.0.0.1 as the poller does, some times over in one
 * process, as the daemon does. Prints one line of JSON a walk.
 */
async function main([port = '', times = '', ...roots]: readonly string[]): Promise<void> {
  const sockets = new SharedSockets(8 * 2 ** 20);
  await sockets.open();
  const credential = { version: 'v2c', community: 'public' } as const;
  const target = { address: '127.0.0.1', port: Number(port), credential, timeoutMs: 3000, retries: 1 };
  const session = new AgentSession(target, sockets);
  const size = new AnswerSize();
  const bounds = { context: '', maxRepetitions: 50, rowCap: 100_000, byteCap: 2 ** 28, deadlineMs: 60_000 };
  for (let turn = 0; turn < Number(times); turn += 1) {
    const before = process.cpuUsage();
    const began = performance.now();
    const read = await readTable(session, roots, { ...bounds, signal: new AbortController().signal }, size);
    const { user, system } = process.cpuUsage(before);
    const walked: Walked = {
      varbinds: read.varbinds.length,
      complete: read.complete,
      wall: performance.now() - began,
      cpu: (user + system) / 1000,
    };
    process.stdout.write(`${JSON.stringify(walked)}\n`);
  }
  session.close();
  await sockets.close();
}

void main(process.argv.slice(2));
