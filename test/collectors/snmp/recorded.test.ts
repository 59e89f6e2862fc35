import { AgentSession } from '../../../collectors/snmp/adapter/agent-session';
import { SharedSockets } from '../../../collectors/snmp/adapter/shared-sockets';
import { AnswerSize } from '../../../collectors/snmp/answer-size';
import { TABLE_PLANS, type TableName } from '../../../collectors/snmp/poller/device-plans.data';
import type { SnmpVarbind } from '../../../collectors/snmp/snmp-record';
import { readTable, type WalkLimits } from '../../../collectors/snmp/walk';
import { bulkwalk, recordedAgents, Snmpsim } from './strangers';

const whenHere = recordedAgents.length > 0 ? describe : describe.skip;

/** Tables of many shapes: octets, sparse columns, indexes of addresses and of time. */
const TABLES: readonly TableName[] = [
  'ifTable',
  'ipNetToMediaTable',
  'dot1dTpFdbTable',
  'lldpRemTable',
  'cdpCacheTable',
];

const LIMITS: WalkLimits = {
  context: '',
  // snmpsim needs seconds for larger answers and for several columns in one, and answers nobody else meanwhile.
  maxRepetitions: 10,
  rowCap: 100_000,
  byteCap: 100_000_000,
  deadlineMs: 60_000,
  signal: new AbortController().signal,
};

whenHere('recorded agents served by snmpsim', () => {
  let simulator: Snmpsim;
  let sockets: SharedSockets;

  beforeAll(async () => {
    simulator = await Snmpsim.start(recordedAgents);
    sockets = new SharedSockets(1_000_000);
    await sockets.open();
    const session = sessionOf(recordedAgents[0]!, 500);
    for (let tries = 0; tries < 80 && simulator.running; tries += 1) {
      if ((await readTable(session, ['1.3.6.1.2.1.1.1'], LIMITS)).answered) break;
    }
    session.close();
  }, 90_000);

  afterAll(async () => {
    await sockets?.close();
    await simulator?.stop();
  });

  const sessionOf = (community: string, timeoutMs: number): AgentSession =>
    new AgentSession(
      { address: '127.0.0.1', port: simulator.port, timeoutMs, retries: 1, credential: { version: 'v2c', community } },
      sockets,
    );

  it.each(recordedAgents)(
    '%s: tables equal to those of snmpbulkwalk, value by value',
    async (name) => {
      const session = sessionOf(name, 5000);
      const size = new AnswerSize();
      let varbinds = 0;
      for (const table of TABLES) {
        const roots: readonly string[] = TABLE_PLANS[table].roots;
        const ours: SnmpVarbind[] = [];
        for (const root of roots) {
          const read = await readTable(session, [root], LIMITS, size);
          expect([root, read.complete, read.reason, read.detail]).toEqual([root, true, '', '']);
          ours.push(...read.varbinds);
        }
        const [first = ''] = roots;
        const row = first.slice(0, first.lastIndexOf('.'));
        const whole = await bulkwalk(['-v2c', '-c', name, '-t', '5'], simulator.port, `.${row}`);
        const theirs = whole.filter(([oid]) => roots.some((root) => oid.startsWith(`${root}.`)));
        expect([table, sorted(ours)]).toEqual([table, sorted(theirs)]);
        varbinds += ours.length;
      }
      session.close();
      expect(varbinds).toBeGreaterThan(50);
    },
    120_000,
  );
});

function sorted(varbinds: readonly SnmpVarbind[]): SnmpVarbind[] {
  return [...varbinds].sort(([a], [b]) => (a < b ? -1 : 1));
}
