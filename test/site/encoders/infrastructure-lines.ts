import { bsdFrame, isoStamp } from './syslog-frame';

/** What a DHCP server knows of a lease. */
export interface Lease {
  readonly ip: string;
  readonly mac: string;
  readonly hostname: string;
  readonly gateway: string;
}

/** ISC dhcpd, dhcpd(8) and server/dhcp.c: the acknowledgement through a relay. */
export function dhcpAck(utc: number, { ip, mac, hostname, gateway }: Lease): Buffer {
  const name = hostname === '' ? '' : ` (${hostname})`;
  return bsdFrame(30, utc, 'dhcp-1', `dhcpd[612]: DHCPACK on ${ip} to ${mac}${name} via ${gateway}`);
}

/** ESXi 8 over syslog: `<166>TIME HOST Hostd[pid]: [Originator…] Event N : sentence`. */
export function hostdEvent(utc: number, host: string, sentence: string): Buffer {
  const number = 1_000 + (utc % 90_000);
  return Buffer.from(
    `<166>${isoStamp(utc)} ${host} Hostd[2099494]: [Originator@6876 sub=Vimsvc.ha-eventmgr opID=lro-${number}] Event ${number} : ${sentence}`,
    'utf8',
  );
}

/** The event of a completed move, as the hosts tell it. */
export function vmotionLines(
  utc: number,
  host: string,
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string; readonly uuid: string },
): Buffer[] {
  return [hostdEvent(utc, host, `Migration of virtual machine ${name} from ${from}, ds-1 to ${to}, ds-1 completed`)];
}
