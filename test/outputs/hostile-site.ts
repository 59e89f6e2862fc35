import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../cli/config/schema';
import { dataLayout } from '../../cli/data-layout';
import { catchUp } from '../../cli/pipeline/offline';
import { encodeSnmpRecord } from '../../collectors/snmp/snmp-record';
import type { RawFormat, RawRecord } from '../../collectors/contract';
import { Journal } from '../../store/journal/journal';
import { SigningKeys } from '../../store/journal/signing-keys';
import { run, type Run } from '../cli/support/run';
import { commandRecord, esxcliCsv } from '../site/encoders/command-record';
import { flowTemplates, NetflowV9Encoder } from '../site/encoders/flow-encoder';
import { flowsOf, makeWorld } from '../site/flow-world';

export const T = Date.UTC(2026, 10, 24, 1);
const FIREWALL = '192.0.2.7';
const UUID = '4220a1c0-0000-4000-8000-0000000000';
const MAC = '00:50:56:9a:00:';

/** A field that a device fills: what it sends with a text in it. */
export interface Field {
  readonly name: string;
  readonly records: (text: string, n: number) => readonly RawRecord[];
}

const origin = (format: RawFormat, peer: string, source: string) => ({ collector: 'test', source, peer, format });

const syslog = (text: string, n: number): RawRecord => ({
  origin: origin('syslog', `${FIREWALL}:514`, 'udp://0.0.0.0:5514'),
  receivedAt: T + n,
  bytes: Buffer.from(text),
});

const command = (platform: string, name: string, line: string, body: string, n: number): RawRecord => ({
  origin: origin('command', '192.0.2.20:22', platform === 'esxi' ? 'esx-1' : 'rt-1'),
  receivedAt: T + n,
  bytes: commandRecord(
    {
      platform,
      command: name,
      line,
      startedAt: T + n - 50,
      finishedAt: T + n,
      output: platform === 'esxi' ? 'csv' : 'text',
    },
    body,
  ),
});

const hex = (text: string): string => Buffer.from(text).toString('hex');

const snmp = (table: string, root: string, varbinds: [string, number, string | number][], n: number): RawRecord => ({
  origin: origin('snmp', '192.0.2.30:161', 'sw-1'),
  receivedAt: T + n,
  bytes: encodeSnmpRecord({
    kind: 'table',
    table,
    roots: [root],
    deviceClass: 'switch',
    version: 'v2c',
    startedAt: T + n - 40,
    finishedAt: T + n,
    complete: true,
    reason: '',
    detail: '',
    engineId: '',
    context: '',
    varbinds: varbinds as never,
  }),
});

const IF = '1.3.6.1.2.1.2.2';

/** Every way in, each with a text that the device chooses. */
export const FIELDS: readonly Field[] = [
  {
    name: 'user of a login (syslog)',
    records: (text, n) => [
      syslog(
        `<166>Nov 24 2026 01:00:00 fw-1 : %ASA-6-605005: Login permitted from 192.0.2.9/55001 to inside:10.0.0.1/ssh for user "${text}"`,
        n,
      ),
    ],
  },
  {
    name: 'host of a header (syslog)',
    records: (text, n) => [syslog(`<189>1 2026-11-24T01:00:00Z ${text} app 1 - - hello`, n)],
  },
  {
    name: 'name of a program (syslog)',
    records: (text, n) => [syslog(`<189>1 2026-11-24T01:00:00Z host ${text} 1 - - hello`, n)],
  },
  {
    name: 'command (syslog)',
    records: (text, n) => [
      syslog(
        `<189>${n}: Nov 24 2026 01:00:00 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:eva  logged command:interface ${text}`,
        n,
      ),
    ],
  },
  {
    name: 'names of a firewall (syslog)',
    records: (text, n) => [
      syslog(
        `<189>date=2026-11-24 time=01:00:00 devname="${text}" devid="FG1" eventtime=1795482000000000000 tz="+0000" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.0.0.5 srcport=50000 srcintf="${text}" dstip=203.0.113.9 dstport=443 dstintf="wan" sessionid=${n} proto=6 action="close" policyid=1 policyname="${text}" user="${text}" app="${text}" service="HTTPS" duration=5 sentbyte=10 rcvdbyte=20`,
        n,
      ),
    ],
  },
  {
    name: 'members of CEF (syslog)',
    records: (text, n) => [
      syslog(`<189>Nov 24 01:00:00 host CEF:0|${text}|${text}|1|${text}|${text}|5|suser=${text} msg=${text}`, n),
    ],
  },
  {
    name: 'names of interfaces (SNMP)',
    records: (text, n) => [
      snmp(
        'ifTable',
        IF,
        [
          [`${IF}.1.1.${n}`, 2, n],
          [`${IF}.1.2.${n}`, 4, hex(text)],
          [`${IF}.1.3.${n}`, 2, 6],
        ],
        n,
      ),
      snmp(
        'system',
        '1.3.6.1.2.1.1',
        [
          ['1.3.6.1.2.1.1.1.0', 4, hex(text)],
          ['1.3.6.1.2.1.1.5.0', 4, hex(text)],
          ['1.3.6.1.2.1.1.6.0', 4, hex(text)],
        ],
        n,
      ),
    ],
  },
  {
    name: 'name of a machine (ESXi)',
    records: (text, n) => [
      command(
        'esxi',
        'vm_process_list',
        'esxcli --formatter=csv vm process list',
        esxcliCsv(
          ['ConfigFile', 'DisplayName', 'ProcessID', 'UUID', 'VMXCartelID', 'WorldID'],
          [
            [
              `/vmfs/volumes/ds/${n}/${n}.vmx`,
              text,
              0,
              `${UUID}${String(n).padStart(2, '0')}`,
              2_000_000 + n,
              2_100_000 + n,
            ],
          ],
        ),
        n,
      ),
      command(
        'esxi',
        'arp',
        'esxcli --formatter=csv network ip neighbor list',
        esxcliCsv(
          ['Expiry', 'MacAddress', 'Neighbor', 'State', 'Type', 'Vmknic'],
          [['1000 sec', `${MAC}${String(n).padStart(2, '0')}`, `10.0.0.${n}`, '', 'Unknown', text]],
        ),
        n,
      ),
    ],
  },
  {
    name: 'lines of a configuration',
    records: (text, n) => [
      command(
        'cisco_ios',
        'running_config',
        'show running-config',
        `hostname ${text}\ninterface Gi0/1\n description ${text}\nlogging host 203.0.113.5\nusername ${text} privilege 15\nend\n`,
        n,
      ),
    ],
  },
];

/** A data directory that holds what `records` says, derived. */
export class HostileSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-outputs-'));
  readonly layout = dataLayout(join(this.folder, 'data'));

  constructor(records: readonly RawRecord[], configuration: object = {}) {
    const written = { home_networks: ['10.0.0.0/8'], collectors: {}, ...configuration };
    writeFileSync(this.path('ascribe.yaml'), JSON.stringify(written));
    const journal = Journal.open(this.layout.journal, {
      keys: SigningKeys.open(this.layout.keys),
      reserveBytes: 0,
      now: () => T,
    });
    journal.append([...records, ...flows()]);
    journal.close();
    catchUp(this.layout, { config: configSchema.parse(written), directory: this.folder }, () => {});
  }

  get places() {
    const { journal, facts, database } = this.layout;
    return { journal, facts, database, instance: 'test' };
  }

  run(argv: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const all = [...argv, '--config', this.path('ascribe.yaml'), '--data', this.layout.root];
    return run(all, { cwd: this.folder, now: T + 600_000, env });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function flows(): RawRecord[] {
  const encoder = new NetflowV9Encoder(1, T - 3_600_000, flowTemplates('v9'));
  const from = origin('flow', '192.0.2.1:2055', 'udp://0.0.0.0:2055');
  const sent = flowsOf(makeWorld(8, 60_000, 4), T, 30_000).filter(({ src }) => src.includes('.'));
  const data = encoder.data(sent, T + 60_000).map(({ bytes }) => ({ origin: from, receivedAt: T + 60_000, bytes }));
  return [{ origin: from, receivedAt: T, bytes: encoder.templates(T) }, ...data];
}
