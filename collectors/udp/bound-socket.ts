import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import type { ListenAddress } from './listen-address';
import { findPortOwner } from './port-owner';
import { ListenAddressError, PortInUseError, PortPermissionError } from './udp-errors';

/** Receive buffer of one socket, in bytes of what was asked (Linux books twice that, for its own overhead). */
export interface UdpBuffer {
  readonly requestedBytes: number;
  readonly effectiveBytes: number;
}

/**
 * Binds one socket and sets its receive buffer. Rejects with `PortInUseError`, `PortPermissionError` or
 * `ListenAddressError`. A `::` socket also takes IPv4 unless `ipv6Only`.
 */
export async function bindSocket(listen: ListenAddress, ipv6Only: boolean): Promise<Socket> {
  const socket = createSocket(listen.address.includes(':') ? { type: 'udp6', ipv6Only } : { type: 'udp4' });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: listen.address, port: listen.port, exclusive: true }, () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    return socket;
  } catch (error) {
    socket.close();
    throw bindError(listen, error as NodeJS.ErrnoException);
  }
}

/**
 * Asks for a receive buffer and reads back what the kernel gave. Linux clamps to `net.core.rmem_max` without an error
 * and answers with twice the figure in force (socket(7), SO_RCVBUF).
 */
export function setReceiveBuffer(socket: Socket, requestedBytes: number): UdpBuffer {
  try {
    socket.setRecvBufferSize(requestedBytes);
  } catch {
    // Other systems refuse instead of clamping; what is in force is read below either way.
  }
  const told = socket.getRecvBufferSize();
  return { requestedBytes, effectiveBytes: process.platform === 'linux' ? told / 2 : told };
}

/** The limit that clamps a receive buffer, in bytes; undefined elsewhere than on Linux. */
export function receiveBufferLimit(): number | undefined {
  try {
    return Number(readFileSync('/proc/sys/net/core/rmem_max', 'latin1'));
  } catch {
    return undefined;
  }
}

function bindError(listen: ListenAddress, error: NodeJS.ErrnoException): Error {
  const { address, port } = listen;
  if (error.code === 'EADDRINUSE') {
    return new PortInUseError('udp', address, port, findPortOwner('udp', address, port), error);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') return new PortPermissionError('udp', address, port, error);
  return new ListenAddressError('udp', address, port, error);
}
