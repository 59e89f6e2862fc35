import type { SyslogHeader } from '../model/facts';
import type { SyslogMessage } from './contract';

/** The header of a message as facts carry it; what the message does not say is absent. */
export function syslogHeader(message: SyslogMessage): SyslogHeader {
  const { facility, severity, version, hostname, appName, procId, msgId } = message;
  return {
    ...(facility !== undefined && { facility }),
    ...(severity !== undefined && { severity }),
    ...(version !== undefined && { version }),
    ...(hostname !== undefined && { hostname }),
    ...(appName !== undefined && { appName }),
    ...(procId !== undefined && { procId }),
    ...(msgId !== undefined && { msgId }),
  };
}
