import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SESSION_RULES } from '../../../attribution/sessions/session-rules';
import { SessionStage } from '../../../attribution/sessions/session-stage';
import { Derivation } from '../../../cli/pipeline/derivation';
import { createNormalizer } from '../../../cli/pipeline/normalizers';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { Journal } from '../../../store/journal/journal';
import { JournalReader } from '../../../store/journal/journal-reader';
import { SigningKeys } from '../../../store/journal/signing-keys';

const AT = 1_700_000_000_000;
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ascribe-observers-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const hex = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');
const set = (id: number, body: string): string => hex(id, 2) + hex(body.length / 2 + 4, 2) + body;
const template = (fields: readonly string[]): string => `0100${hex(fields.length, 2)}${fields.join('')}`;

/** 8, 12, 7, 11, 4, 6, 1, 2, 152, 153, 10, 14. */
const FIELDS = [
  ...['00080004', '000c0004', '00070002', '000b0002', '00040001', '00060001', '00010008', '00020008'],
  ...['00980008', '00990008', '000a0004', '000e0004'],
];
/** VMware 890 and 888: kinds of the ports. */
const VDS_FIELDS = [...FIELDS, '837a000200001adc', '8378000200001adc'];

interface Flow {
  readonly reply?: boolean;
  readonly bytes: number;
  readonly packets?: number;
  /** TCP flags: by default all of a whole connection. */
  readonly flags?: number;
  /** From and to, ms after AT. */
  readonly from?: number;
  readonly to?: number;
  readonly inIf: number;
  readonly outIf: number;
  readonly inKind?: number;
  readonly outKind?: number;
}

/** A record of 10.0.0.5:50000 and 203.0.113.9:443, either way. */
function record({
  reply = false,
  bytes,
  packets = 10,
  flags = 0x1b,
  from = 0,
  to = 9000,
  inIf,
  outIf,
  inKind,
  outKind,
}: Flow): string {
  const [client, server] = ['0a000005', 'cb007109'];
  const ends = reply ? `${server}${client}01bbc350` : `${client}${server}c35001bb`;
  const counts = hex(bytes, 8) + hex(packets, 8) + hex(AT + from, 8) + hex(AT + to, 8);
  const kinds = inKind === undefined ? '' : hex(inKind, 2) + hex(outKind ?? 0, 2);
  return `${ends}06${hex(flags, 1)}${counts}${hex(inIf, 4)}${hex(outIf, 4)}${kinds}`;
}

interface Export {
  readonly exporter: string;
  readonly flows: readonly Flow[];
}

const ipfix = (fields: readonly string[], flows: readonly Flow[]): Buffer => {
  const sets = set(2, template(fields)) + set(256, flows.map((flow) => record(flow)).join(''));
  return Buffer.from(`000a${hex(sets.length / 2 + 16, 2)}6553f1100000000100000001${sets}`, 'hex');
};

/** The exports through journal, normalizer, facts and session stage; what `ascribe.db` says then. */
function sessionsOf(
  fields: readonly string[],
  exports: readonly Export[],
): { sessions: unknown[]; observers: unknown[] } {
  const paths = { journal: join(directory, 'journal'), flows: join(directory, 'flows') };
  const journal = Journal.open(paths.journal, {
    keys: SigningKeys.open(join(directory, 'keys')),
    reserveBytes: 0,
    now: () => AT + 20_000,
  });
  for (const { exporter, flows } of exports) {
    const origin = {
      collector: 'netflow',
      source: 'udp://0.0.0.0:2055',
      peer: `${exporter}:2055`,
      format: 'flow',
    } as const;
    journal.append([{ origin, receivedAt: AT + 20_000, bytes: ipfix(fields, flows) }]);
  }
  journal.close();
  const reader = new JournalReader(paths.journal);
  const derivation = new Derivation({
    journal: reader,
    directory: paths.flows,
    createNormalizer: () => createNormalizer(() => ({})),
  });
  derivation.open();
  derivation.advance(100);
  derivation.close();
  reader.close();
  const facts = new FactsDirectory(paths.flows);
  const db = openAnalysisForWriting(join(directory, 'ascribe.db'));
  new SessionStage(db, facts, DEFAULT_SESSION_RULES).advance(100);
  const sessions = db.prepare(
    `SELECT src_ip, dst_port, src_bytes, dst_bytes, src_packets, slices, observers, sampling, encrypted_by FROM session`,
  );
  const observers = db.prepare(`SELECT exporter_ip, sender, bytes, counted FROM session_observer ORDER BY number`);
  const said = { sessions: sessions.all(), observers: observers.raw().all() };
  db.close();
  facts.close();
  return said;
}

const SESSION = { src_ip: '10.0.0.5', dst_port: 443, observers: 4, encrypted_by: 'port:443/tcp' };
const ROUTER = '192.0.2.1';
const FIREWALL = '192.0.2.2';
const HOST_1 = '192.0.2.11';
const HOST_2 = '192.0.2.12';

describe('one session told by several', () => {
  test('two routers on its way are observers, and nothing is summed', () => {
    const through = (sent: number, received: number): Flow[] => [
      { bytes: sent, inIf: 1, outIf: 2 },
      { reply: true, bytes: received, inIf: 2, outIf: 1 },
    ];
    const exports = [
      { exporter: ROUTER, flows: through(1000, 5000) },
      { exporter: FIREWALL, flows: through(1000, 4960) },
    ];
    expect(sessionsOf(FIELDS, exports)).toEqual({
      sessions: [{ ...SESSION, src_bytes: 1000, dst_bytes: 5000, src_packets: 10, slices: 4, sampling: 'none' }],
      observers: [
        [ROUTER, 'src', 1000, 1],
        [ROUTER, 'dst', 5000, 1],
        [FIREWALL, 'src', 1000, 0],
        [FIREWALL, 'dst', 4960, 0],
      ],
    });
  });

  test('slices of one router are summed beside the whole of another', () => {
    const slices = [0x1a, 0x18, 0x19].map((flags, i) => {
      const from = i * 3000;
      return { bytes: 300, packets: 3, flags, from, to: from + 2900, inIf: 1, outIf: 2 };
    });

    const exports = [
      { exporter: ROUTER, flows: slices },
      { exporter: FIREWALL, flows: [{ bytes: 880, packets: 9, inIf: 7, outIf: 8 }] },
    ];
    expect(sessionsOf(FIELDS, exports)).toMatchObject({
      sessions: [{ src_bytes: 900, src_packets: 9, dst_bytes: null, slices: 4, observers: 2 }],
      observers: [
        [ROUTER, 'src', 900, 1],
        [FIREWALL, 'src', 880, 0],
      ],
    });
  });

  test('the distributed switch of two hosts, with VMs on both, counts it once', () => {
    // Leaves host 1 from its access port 101 to the uplink; comes to host 2 by its uplink to access port 106.
    const [sent, received] = [4 * 1025, 20 * 1025];
    const access = { inKind: 2, outKind: 1 };
    const uplink = { inKind: 1, outKind: 2 };
    const exports = [
      {
        exporter: HOST_1,
        flows: [
          { bytes: sent, inIf: 101, outIf: 57, ...access },
          { reply: true, bytes: received, inIf: 57, outIf: 101, ...uplink },
        ],
      },
      {
        exporter: HOST_2,
        flows: [
          { bytes: sent, inIf: 57, outIf: 106, ...uplink },
          { reply: true, bytes: received, inIf: 106, outIf: 57, ...access },
        ],
      },
    ];
    expect(sessionsOf(VDS_FIELDS, exports)).toEqual({
      sessions: [
        { ...SESSION, src_bytes: sent, dst_bytes: received, src_packets: 10, slices: 4, sampling: 'prescaled' },
      ],
      observers: [
        [HOST_1, 'src', sent, 1],
        [HOST_1, 'dst', received, 1],
        [HOST_2, 'src', sent, 0],
        [HOST_2, 'dst', received, 0],
      ],
    });
  });

  test('one host that meters it at two ports of its switch counts it once', () => {
    const exports = [
      {
        exporter: HOST_1,
        flows: [
          { bytes: 1025, inIf: 101, outIf: 57, inKind: 2, outKind: 1 },
          { bytes: 1025, inIf: 57, outIf: 101, inKind: 1, outKind: 2 },
        ],
      },
    ];
    expect(sessionsOf(VDS_FIELDS, exports)).toMatchObject({
      sessions: [{ src_bytes: 1025, dst_bytes: null, slices: 2, observers: 2 }],
    });
  });
});
