import type { UdpBuffer } from './bound-socket';

/** What a UDP listener reports. Nothing here is emitted per datagram: the last two come at most once in ten seconds. */
export type UdpEvent =
  | { readonly kind: 'udp_listening'; readonly listener: string; readonly buffer: UdpBuffer }
  /** The kernel gave a smaller buffer than asked, silently; `sysctl` is what to raise and `limit` its value now. */
  | {
      readonly kind: 'udp_buffer_clamped';
      readonly listener: string;
      readonly buffer: UdpBuffer;
      readonly sysctl: 'net.core.rmem_max';
      readonly limit: number | undefined;
    }
  /** A wildcard listener of a family this host does not have was left out. */
  | { readonly kind: 'udp_family_missing'; readonly address: string; readonly systemCode: string }
  | { readonly kind: 'udp_socket_error'; readonly listener: string; readonly error: Error }
  /** Datagrams of senders that are not allowed since the last such event, and the latest of these senders. */
  | { readonly kind: 'udp_refused'; readonly listener: string; readonly address: string; readonly datagrams: number }
  /** Datagrams lost since the last such event because the queue behind `offer` was full. */
  | { readonly kind: 'udp_queue_full'; readonly listener: string; readonly datagrams: number };
