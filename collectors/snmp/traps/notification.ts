import { PDU_TAG } from '../adapter/message-head';
import { BerError, BerReader } from '../ber/ber-reader';
import { unsigned, VarbindReader } from '../ber/varbind-reader';
import { SNMP_TAG, type SnmpVarbind } from '../snmp-record';

/** What a trap or inform PDU says. */
export interface Notification {
  readonly inform: boolean;
  /** request-id; 0 for a v1 trap. */
  readonly requestId: number;
  readonly trapOid: string;
  readonly upTime: number | null;
  readonly enterprise: string;
  readonly agentAddress: string;
  readonly varbinds: readonly SnmpVarbind[];
  /** The list of varbinds as sent, to be sent back in an acknowledgement. */
  readonly varbindList: Buffer;
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';
const STANDARD_TRAPS = '1.3.6.1.6.3.1.1.5';
const ENTERPRISE_SPECIFIC = 6;

/** Reads the PDU that comes next. Undefined when it is no notification. Throws `BerError`. */
export function readNotification(reader: BerReader): Notification | undefined {
  const tag = reader.peek();
  if (tag === PDU_TAG.trapV1) return readTrapV1(reader.enter(tag));
  if (tag !== PDU_TAG.trapV2 && tag !== PDU_TAG.inform) return undefined;
  const pdu = reader.enter(tag);
  const requestId = pdu.integer();
  pdu.integer();
  pdu.integer();
  const { varbinds, varbindList } = readVarbinds(pdu);
  const upTime = varbinds.find(([oid]) => oid === SYS_UP_TIME)?.[2];
  const trapOid = varbinds.find(([oid]) => oid === SNMP_TRAP_OID)?.[2];
  return {
    inform: tag === PDU_TAG.inform,
    requestId,
    trapOid: typeof trapOid === 'string' ? trapOid : '',
    upTime: typeof upTime === 'number' ? upTime : null,
    enterprise: '',
    agentAddress: '',
    varbinds,
    varbindList,
  };
}

/** RFC 1157 section 4.1.6; the OID of the trap as RFC 3584 section 3.1 makes it. */
function readTrapV1(pdu: BerReader): Notification {
  const enterprise = pdu.oid();
  const agentAddress = addressText(pdu.octets(SNMP_TAG.ipAddress));
  const generic = pdu.integer();
  const specific = pdu.integer();
  const upTime = unsigned(pdu.integer(SNMP_TAG.timeTicks));
  const { varbinds, varbindList } = readVarbinds(pdu);
  const own = generic === ENTERPRISE_SPECIFIC;
  const trapOid = own ? `${enterprise}.0.${unsigned(specific)}` : `${STANDARD_TRAPS}.${unsigned(generic) + 1}`;
  return { inform: false, requestId: 0, trapOid, upTime, enterprise, agentAddress, varbinds, varbindList };
}

function readVarbinds(pdu: BerReader): { varbinds: readonly SnmpVarbind[]; varbindList: Buffer } {
  const varbindList = pdu.whole(0x30);
  const { offset } = new BerReader(varbindList).enter(0x30);
  return { varbinds: new VarbindReader(varbindList).read(offset, varbindList.length, 1), varbindList };
}

function addressText(octets: Buffer): string {
  if (octets.length !== 4) throw new BerError(`an address of ${octets.length} octets`);
  return octets.join('.');
}
