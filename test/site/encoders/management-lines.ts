import { asaStamp, bsdFrame, bsdStamp } from './syslog-frame';

/** IOS: `%SYS-5-CONFIG_I`, and the command that was logged before it (`archive log config`, `notify syslog`). */
export function iosConfigured(utc: number, user: string, from: string, command: string): Buffer[] {
  const stamp = bsdStamp(utc);
  const line = (n: number, text: string): Buffer =>
    Buffer.from(`<189>${n}: rt-core: ${stamp}.${String(utc % 1000).padStart(3, '0')}: ${text}`, 'utf8');
  return [
    line(811, `%PARSER-5-CFGLOG_LOGGEDCMD: User:${user}  logged command:${command}`),
    line(812, `%SYS-5-CONFIG_I: Configured from console by ${user} on vty0 (${from})`),
  ];
}

/** ASA: 111008 and 111010, a command that changes the configuration. */
export function asaConfigured(utc: number, user: string, from: string, command: string): Buffer[] {
  return [
    `%ASA-5-111008: User '${user}' executed the '${command}' command.`,
    `%ASA-5-111010: User '${user}', running 'CLI' from IP ${from}, executed '${command}'`,
  ].map((text) => Buffer.from(`<165>${asaStamp(utc)} fw-1 : ${text}`, 'utf8'));
}

/** A syslog line of any program, RFC 3164. */
export function plainLine(utc: number, host: string, content: string): Buffer {
  return bsdFrame(30, utc, host, content);
}

/** Squid's native access log over syslog: "Squid configuration directive logformat". */
export function squidConnect(
  utc: number,
  {
    elapsed,
    client,
    bytes,
    server,
    port,
  }: {
    readonly elapsed: number;
    readonly client: string;
    readonly bytes: number;
    readonly server: string;
    readonly port: number;
  },
): Buffer {
  const time = (utc / 1000).toFixed(3);
  return bsdFrame(
    134,
    utc,
    'proxy-1',
    `(squid-1)[1807]: ${time} ${String(elapsed).padStart(6, ' ')} ${client} TCP_TUNNEL/200 ${bytes} CONNECT ${server}:${port} - HIER_DIRECT/${server} -`,
  );
}

/** vmsyslogd's own account of loss (ESXi 8). */
export function syslogLoss(utc: number, host: string, lost: number): Buffer {
  const iso = new Date(utc).toISOString();
  return Buffer.from(
    `<166>${iso} ${host} vmsyslogd[2098132]: vmsyslog logger 10.20.0.62:514 lost ${lost} log messages`,
    'utf8',
  );
}
