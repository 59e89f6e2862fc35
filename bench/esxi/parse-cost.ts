import type { StoredRecord } from '../../collectors/contract';
import { encodeLogRecord } from '../../collectors/ssh/ssh-record';
import { EsxiNormalizer } from '../../normalizer/esxi/esxi-normalizer';
import { FlowBatch } from '../../normalizer/model/flow-batch';
import { SshNormalizer } from '../../normalizer/ssh-normalizer';

/** What reading hostd.log costs in this process, without any I/O. */
interface ParseCost {
  readonly version: string;
  readonly linesPerSecond: number;
  readonly bytesPerLine: number;
  readonly factsPerLine: number;
}

const LINES = 20_000;
/** One line in this many tells an event; the others are hostd's own affairs, as on hosts at work. */
const EVENT_EVERY = 25;

const QUIET: readonly (readonly [group: string, text: string])[] = [
  ['sub=Vimsvc.TaskManager opID=esxui-1c-2d sid=52f0e556 user=root', 'Task Created queued for property collection'],
  ['sub=Hostsvc.DatastoreSystem', 'RefreshVdiskDatastores: Done refreshing datastores.'],
  [
    'sub=vmomi.soapStub[0]',
    'SOAP request returned HTTP failure; <<cs p:0000, TCP:localhost:8307>, /sdk>, method: retrieveContents',
  ],
  ['sub=Statssvc', 'Calculated write I/O size 1048576 for scsi0:0 is greater than max 524288'],
  [
    'sub=PropertyProvider opID=esxui-1c-2e user=vpxuser:<no user>',
    'RecordOp ASSIGN: info, haTask-12-vim.VirtualMachine.reload-1. Applied change to temp map.',
  ],
  ['sub=Vmsvc.vm:/vmfs/volumes/5b645dbf-d27a664c/My VM [1]/My VM.vmx', 'Updating current heartbeatStatus: green'],
];

/** A hostd.log of one version, times a millisecond apart. */
function hostdLog(version: string): string {
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) {
    const time = new Date(Date.UTC(2026, 10, 24, 2) + i).toISOString();
    const head = version === '8.0' ? `${time} In(166) Hostd[2098867]: ` : `${time} info hostd[2101004] `;
    const [group, text] = QUIET[i % QUIET.length] ?? ['', ''];
    if (i % EVENT_EVERY === 0) {
      lines.push(
        `${head}[Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-${i} user=root] Event ${i} : web${i % 50} on esx1 in ha-datacenter is powered on`,
      );
    } else lines.push(`${head}[Originator@6876 ${group}] ${text} ${i}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Reads the log over and over for about `seconds` of CPU time; the first pass warms the code up and is not measured. */
function measure(version: string, seconds: number): ParseCost {
  const text = hostdLog(version);
  const receivedAt = Date.UTC(2026, 10, 24, 3);
  const origin = { collector: 'ssh', source: 'esx1', peer: '192.0.2.11:22', format: 'logfile' } as const;
  const about = {
    platform: 'esxi',
    file: '/var/run/log/hostd.log',
    generation: '0'.repeat(16),
    head: 4096,
    offset: 0,
  } as const;
  const bytes = encodeLogRecord(about, Buffer.from(text));
  const normalizer = new SshNormalizer(() => ({}), [new EsxiNormalizer()]);
  let facts = 0;
  const sink = { flows: new FlowBatch(1), fact: (): void => void facts++ };
  let seq = 0;
  const pass = (): void => normalizer.normalize({ seq: ++seq, receivedAt, origin, bytes } satisfies StoredRecord, sink);
  pass();
  facts = 0;
  const before = process.cpuUsage();
  for (let passes = 1; ; passes++) {
    pass();
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e6;
    if (cpu < seconds) continue;
    const lines = passes * LINES;
    return {
      version,
      linesPerSecond: Math.round(lines / cpu),
      bytesPerLine: text.length / LINES,
      factsPerLine: facts / lines,
    };
  }
}

/** Usage: node dist/bench/esxi/parse-cost.js [seconds of CPU time for each version]. Prints one JSON object a line. */
const seconds = Number(process.argv[2] ?? 5);
for (const version of ['7.0', '8.0']) process.stdout.write(`${JSON.stringify(measure(version, seconds))}\n`);
