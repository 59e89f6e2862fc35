import type { TrueRule, TrueSession, TrueTranslation } from '../truth';
import { asaDuration, asaStamp, bsdFrame, rfc5424Frame } from './syslog-frame';

/** A session through the firewall, with its translation. */
export interface Translated extends TrueSession {
  readonly nat: TrueTranslation;
}

/** One message of a firewall about a session, and what it proves. */
export interface FirewallLine {
  readonly when: 'start' | 'end';
  readonly tells: readonly ('nat-log' | 'rule-log')[];
  /** `utc`: the device's clock at the moment of the message. */
  readonly text: (session: Translated, utc: number) => Buffer;
}

const word = (protocol: number): string => (protocol === 6 ? 'TCP' : 'UDP');

const asa = (severity: number, id: string, utc: number, text: string): Buffer =>
  Buffer.from(`<${160 + severity}>${asaStamp(utc)} fw-1 : %ASA-${severity}-${id}: ${text}`, 'utf8');

/** Hash by which 106100 and `show access-list` name an entry. */
export function aceHash({ acl, line }: Pick<TrueRule, 'acl' | 'line'>): number {
  let hash = 0x811c_9dc5;
  for (const char of `${acl} ${line}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x0100_0193) >>> 0;
  return hash;
}

/** "Cisco Secure Firewall ASA Series Syslog Messages": 305011/12, 302013 to 302016, 106100. */
export const ASA_LINES: readonly FirewallLine[] = [
  {
    when: 'start',
    tells: ['nat-log'],
    text: ({ protocol, client, clientPort, nat }, utc) =>
      asa(
        6,
        '305011',
        utc,
        `Built dynamic ${word(protocol)} translation from inside:${client}/${clientPort} to outside:${nat.ip}/${nat.port}`,
      ),
  },
  {
    when: 'start',
    tells: ['rule-log'],
    text: ({ protocol, client, clientPort, server, serverPort, rule }, utc) =>
      asa(
        6,
        '106100',
        utc,
        `access-list ${rule?.acl} permitted ${word(protocol).toLowerCase()} inside/${client}(${clientPort}) -> outside/${server}(${serverPort}) hit-cnt 1 first hit [0x${rule === undefined ? '0' : aceHash(rule).toString(16)}, 0x00000000]`,
      ),
  },
  {
    when: 'start',
    tells: ['nat-log'],
    text: ({ id, protocol, client, clientPort, server, serverPort, nat }, utc) =>
      asa(
        6,
        protocol === 6 ? '302013' : '302015',
        utc,
        `Built outbound ${word(protocol)} connection ${10_000 + id} for outside:${server}/${serverPort} (${server}/${serverPort}) to inside:${client}/${clientPort} (${nat.ip}/${nat.port})`,
      ),
  },
  {
    when: 'end',
    tells: [],
    text: ({ id, protocol, client, clientPort, server, serverPort, start, end, bytesUp, bytesDown }, utc) =>
      asa(
        6,
        protocol === 6 ? '302014' : '302016',
        utc,
        `Teardown ${word(protocol)} connection ${10_000 + id} for outside:${server}/${serverPort} to inside:${client}/${clientPort} duration ${asaDuration(end - start)} bytes ${bytesUp + bytesDown}${protocol === 6 ? ' TCP FINs from inside' : ''}`,
      ),
  },
  {
    when: 'end',
    tells: [],
    text: ({ protocol, client, clientPort, nat, start, end }, utc) =>
      asa(
        6,
        '305012',
        utc,
        `Teardown dynamic ${word(protocol)} translation from inside:${client}/${clientPort} to outside:${nat.ip}/${nat.port} duration ${asaDuration(end - start)}`,
      ),
  },
];

const fortigate = (session: Translated, utc: number, more: string): Buffer => {
  const { id, protocol, client, clientPort, server, serverPort, nat, rule } = session;
  const [date, time] = new Date(utc).toISOString().split('T');
  return Buffer.from(
    `<189>date=${date} time=${time?.slice(0, 8)} devname="fw-1" devid="FG100FTK20000001" eventtime=${utc}000000 tz="+0000" ${more} vd="root" srcip=${client} srcport=${clientPort} srcintf="inside" srcintfrole="lan" dstip=${server} dstport=${serverPort} dstintf="outside" dstintfrole="wan" sessionid=${10_000 + id} proto=${protocol} policyid=${rule?.id} policytype="policy" policyname="${rule?.name}" service="${protocol}/${serverPort}" trandisp="snat" transip=${nat.ip} transport=${nat.port}`,
    'utf8',
  );
};

/** "FortiOS Log Message Reference": traffic forward, start and end of a session. */
export const FORTIGATE_LINES: readonly FirewallLine[] = [
  {
    when: 'start',
    tells: ['nat-log', 'rule-log'],
    text: (session, utc) =>
      fortigate(session, utc, 'logid="0000000015" type="traffic" subtype="forward" level="notice" action="start"'),
  },
  {
    when: 'end',
    tells: ['nat-log', 'rule-log'],
    text: (session, utc) => {
      const { start, end, bytesUp, bytesDown, packetsUp, packetsDown } = session;
      const counts = `duration=${Math.round((end - start) / 1000)} sentbyte=${bytesUp} rcvdbyte=${bytesDown} sentpkt=${packetsUp} rcvdpkt=${packetsDown}`;
      return fortigate(
        session,
        utc,
        `logid="0000000013" type="traffic" subtype="forward" level="notice" action="close" ${counts}`,
      );
    },
  },
];

const junos = (
  id: string,
  session: Translated,
  utc: number,
  more: readonly (readonly [string, string | number])[],
): Buffer => {
  const { client, clientPort, server, serverPort, protocol, nat, rule } = session;
  const fields = [
    ...more.slice(0, 1),
    ['source-address', client],
    ['source-port', clientPort],
    ['destination-address', server],
    ['destination-port', serverPort],
    ['connection-tag', 0],
    ['service-name', serverPort === 443 ? 'junos-https' : 'None'],
    ['nat-source-address', nat.ip],
    ['nat-source-port', nat.port],
    ['nat-destination-address', server],
    ['nat-destination-port', serverPort],
    ['nat-connection-tag', 0],
    ['src-nat-rule-type', 'source rule'],
    ['src-nat-rule-name', 'pat-out'],
    ['dst-nat-rule-type', 'N/A'],
    ['dst-nat-rule-name', 'N/A'],
    ['protocol-id', protocol],
    ['policy-name', rule?.name ?? ''],
    ['source-zone-name', 'trust'],
    ['destination-zone-name', 'untrust'],
    ['session-id-32', 10_000 + session.id],
    ...more.slice(1),
    ['username', 'N/A'],
    ['roles', 'N/A'],
    ['packet-incoming-interface', 'reth1.0'],
    ['application', 'UNKNOWN'],
    ['nested-application', 'UNKNOWN'],
    ['encrypted', 'UNKNOWN'],
  ].filter(([, value]) => value !== '');
  const structured = fields.map(([name, value]) => `${name}="${value}"`).join(' ');
  return rfc5424Frame(14, utc, 'fw-1', 'RT_FLOW', id, `[junos@2636.1.1.1.2.129 ${structured}]`);
};

/** "Junos System Log Explorer": RT_FLOW_SESSION_CREATE and RT_FLOW_SESSION_CLOSE, structured. */
export const JUNOS_LINES: readonly FirewallLine[] = [
  {
    when: 'start',
    tells: ['nat-log', 'rule-log'],
    text: (session, utc) => junos('RT_FLOW_SESSION_CREATE', session, utc, [['', '']]),
  },
  {
    when: 'end',
    tells: ['nat-log', 'rule-log'],
    text: (session, utc) =>
      junos('RT_FLOW_SESSION_CLOSE', session, utc, [
        ['reason', session.protocol === 6 ? 'TCP FIN' : 'idle Timeout'],
        ['packets-from-client', session.packetsUp],
        ['bytes-from-client', session.bytesUp],
        ['packets-from-server', session.packetsDown],
        ['bytes-from-server', session.bytesDown],
        ['elapsed-time', Math.round((session.end - session.start) / 1000)],
      ]),
  },
];

const conntrack = (event: string, session: Translated, counted: boolean): string => {
  const { protocol, client, clientPort, server, serverPort, nat } = session;
  const counts = (packets: number, bytes: number): string =>
    counted ? `PKTS=${packets} BYTES=${bytes}` : 'PKTS=0 BYTES=0';
  return (
    `[${event}] ORIG: SRC=${client} DST=${server} PROTO=${word(protocol)} SPT=${clientPort} DPT=${serverPort} ${counts(session.packetsUp, session.bytesUp)} , ` +
    `REPLY: SRC=${server} DST=${nat.ip} PROTO=${word(protocol)} SPT=${serverPort} DPT=${nat.port} ${counts(session.packetsDown, session.bytesDown)} `
  );
};

/** ulogd2's LOGEMU of NFCT events, and iptables' LOG target with the rule's name as prefix. */
export const NETFILTER_LINES: readonly FirewallLine[] = [
  {
    when: 'start',
    tells: ['rule-log'],
    text: ({ rule, client, clientPort, server, serverPort, protocol }, utc) =>
      bsdFrame(
        4,
        utc,
        'fw-1',
        `kernel: [ 8123.${String(utc % 1_000_000).padStart(6, '0')}] ${rule?.name}: IN=eth1 OUT=eth0 MAC=00:1b:54:00:00:02:00:1b:54:00:00:01:08:00 SRC=${client} DST=${server} LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 DF PROTO=${word(protocol)} SPT=${clientPort} DPT=${serverPort}${protocol === 6 ? ' WINDOW=64240 RES=0x00 SYN URGP=0' : ' LEN=40'}`,
      ),
  },
  {
    when: 'start',
    tells: ['nat-log'],
    text: (session, utc) => bsdFrame(30, utc, 'fw-1', `ulogd[812]: ${conntrack('NEW', session, false)}`),
  },
  {
    when: 'end',
    tells: ['nat-log'],
    text: (session, utc) => bsdFrame(30, utc, 'fw-1', `ulogd[812]: ${conntrack('DESTROY', session, true)}`),
  },
];
