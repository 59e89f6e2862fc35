import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installed } from '../../test/collectors/syslog/strangers';
import { cpuSecondsOf } from '../syslog/process-tree';

export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What Debian's rsyslog takes to forward a file of lines to a TCP port; undefined where it is not there. */
export async function rsyslogCost(
  folder: string,
  lines: readonly string[],
  port: number,
  received: () => Promise<number>,
): Promise<Cost | undefined> {
  const found = installed('rsyslog');
  if (found === undefined) return undefined;
  const input = join(folder, 'lines.log');
  const config = join(folder, 'rsyslog.conf');
  const text = lines.map((line) => `${line}\n`).join('');
  writeFileSync(input, text);
  writeFileSync(
    config,
    `global(workDirectory="${folder}" maxMessageSize="64k")
module(load="imfile")
template(name="whole" type="string" string="%msg%\\n")
input(type="imfile" File="${input}" Tag="bench" ruleset="out")
ruleset(name="out") {
  action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" TCP_Framing="octet-counted" template="whole"
    action.resumeRetryCount="-1")
}
`,
  );
  const before = await received();
  const began = performance.now();
  const child = spawn(found.program, ['-n', '-f', config, '-i', join(folder, 'pid'), '-M', found.modules], {
    env: { ...process.env, LD_LIBRARY_PATH: found.libraries },
    stdio: 'ignore',
  });
  const wanted = Buffer.byteLength(text);
  while ((await received()) - before < wanted) await delay(20);
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = cpuSecondsOf(child.pid ?? 0);
  child.kill('SIGKILL');
  return { seconds, cpuSeconds };
}
