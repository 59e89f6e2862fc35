/** Words by which log prefixes tell what became of the packet (ufw, firewalld, Shorewall, Proxmox, OpenWrt, common custom). */
export const NETFILTER_VERDICTS: Readonly<Record<string, string>> = {
  ACCEPT: 'allowed',
  ACCEPTED: 'allowed',
  ALLOW: 'allowed',
  ALLOWED: 'allowed',
  PASS: 'allowed',
  PERMIT: 'allowed',
  DROP: 'dropped',
  DROPPED: 'dropped',
  BLOCK: 'denied',
  BLOCKED: 'denied',
  DENY: 'denied',
  DENIED: 'denied',
  REJECT: 'denied',
  REJECTED: 'denied',
};
