import ipaddr from 'ipaddr.js';

/** An address literal as `ProcNetRow.localHex` writes it. A zone is dropped: the kernel's table has none. */
export function localHex(address: string): string {
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  return Buffer.from(ipaddr.parse(bare).toByteArray()).toString('hex');
}
