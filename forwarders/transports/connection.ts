import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TransportError } from '../contract';
import type { Endpoint } from './settings';
import type { TlsOptions } from './tls-options';

/** TLS alerts and verification failures that no waiting mends. */
const DENIED = /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME|ALTNAME|ERR_SSL_.*(?:ALERT|UNKNOWN_CA|CERTIFICATE)/u;

/** Whether an error's code says that who we are, or who they are, is not accepted. */
export function isDenial(code: string): boolean {
  return DENIED.test(code);
}

/** Connects over TCP, or TLS where options are given. Rejects with `TransportError`. */
export function openConnection(
  { host, port }: Endpoint,
  tls: TlsOptions | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls === undefined ? connectTcp({ host, port, keepAlive: true }) : connectTls({ host, port, ...tls });
    const settle = (error: TransportError | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      if (error === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const failed = (code: string, why: string): void =>
      settle(new TransportError(isDenial(code) ? 'denied' : 'retry', 'connect', `${host}:${port}: ${why}`));
    const timer = setTimeout(() => failed('timeout', `no connection within ${timeoutMs} ms`), timeoutMs);
    const onAbort = (): void => failed('aborted', 'stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      failed(error.code ?? '', error.message || (error.code ?? 'error')),
    );
    socket.once('close', () => failed('closed', 'closed by the receiver'));
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => settle(undefined));
  });
}
