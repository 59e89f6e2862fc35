import { createRequire } from 'node:module';

/** Body of the process that `startSyslogServer` forks: counts what arrives and tells the count when asked. */
interface SyslogServer {
  start(options: { port: number; address: string }): Promise<void>;
  on(event: 'message', listener: () => void): void;
}

const Server = createRequire(__filename)('syslog-server') as new () => SyslogServer;
const server = new Server();
let received = 0;
server.on('message', () => void received++);
process.on('message', () => process.send?.(received));
void server.start({ port: Number(process.argv[2]), address: '127.0.0.1' }).then(() => process.send?.(received));
