/** A way to contain, from the smallest blast radius to the largest. ascribe proposes; it never does any of it. */
export interface Containment {
  readonly option: string;
  readonly appliesTo: readonly ('vm' | 'service' | 'device_config' | 'any')[];
  readonly warning: string;
  readonly rollback: string;
}

/** After the public playbooks of CISA (2021) and atc-react; device advice after CISA ED 25-03. */
export const CONTAINMENT: readonly Containment[] = [
  {
    option: 'block the destination address at the firewall',
    appliesTo: ['any'],
    warning:
      'a cloud or CDN address serves others too: see who else talks with it in step 5; tells the actor that he was seen',
    rollback: 'remove the block',
  },
  {
    option: 'drop outbound traffic of this one address or port group by an access list',
    appliesTo: ['vm', 'service'],
    warning: 'stops updates and monitoring of the machine as well',
    rollback: 'remove the access list entry',
  },
  {
    option: 'disconnect the vNIC of the VM',
    appliesTo: ['vm'],
    warning: 'ends all its sessions; keeps memory',
    rollback: 'connect the vNIC',
  },
  {
    option: 'move the VM to a quarantine port group',
    appliesTo: ['vm'],
    warning: 'a new address may hide it from baselines: note old and new',
    rollback: 'move it back',
  },
  {
    option: 'suspend the VM',
    appliesTo: ['vm'],
    warning: 'keeps memory for analysis; power off would lose it',
    rollback: 'resume',
  },
  {
    option: 'stop the process on the ESXi host, after its sockets, worlds and files were collected',
    appliesTo: ['service'],
    warning: 'malware that watches itself may react; lockdown mode and disabled SSH keep you out as well',
    rollback: 'none',
  },
  {
    option: 'isolate the ESXi host from everything but management',
    appliesTo: ['service'],
    warning:
      'its VMs lose their network: evacuate those that are clean first, by cold migration where the host is not trusted',
    rollback: 'connect it again',
  },
  {
    option: 'remove the rule or line of configuration that lets the session out',
    appliesTo: ['device_config', 'any'],
    warning: 'others may use the rule: see the sessions through it',
    rollback: 'restore the version before, which is kept',
  },
  {
    option: 'disconnect the network device; do not power it off',
    appliesTo: ['device_config'],
    warning:
      'power off loses memory and, on some platforms, the implant itself: take a core dump first where the vendor describes how',
    rollback: 'connect it again',
  },
];
