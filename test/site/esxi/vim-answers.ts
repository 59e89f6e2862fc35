import { running } from './esxi-answers';
import type { EsxiHost, EsxiVm } from './esxi-world';

/** `vim-cmd vmsvc/getallvms`. Annotations run over several lines. */
export function allVms(host: EsxiHost): string {
  const head = 'Vmid       Name                      File                      Guest OS       Version   Annotation\n';
  const rows = host.vms.flatMap((vm) => {
    if (vm.vmid === undefined) return [];
    const path = vm.vmx.split('/').slice(4).join('/');
    const file = `[${vm.datastore}] ${path}`;
    return [
      `${String(vm.vmid).padEnd(6)} ${vm.name.padEnd(20)}   ${file.padEnd(30)}   ${vm.guestOs}   vmx-19    ${vm.annotation}\n`,
    ];
  });
  return head + rows.join('');
}

/** `vim-cmd vmsvc/get.guest <vmid>`, the syntax of managed objects. */
export function guestInfo(vm: EsxiVm | undefined, vmid: number): { readonly text: string; readonly found: boolean } {
  if (vm === undefined) {
    return {
      text: `(vim.fault.NotFound) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>\n   msg = "Unable to find a VM corresponding to \\"${vmid}\\""\n}\n`,
      found: false,
    };
  }
  const tools = vm.guestHostname !== undefined && vm.worldId > 0;
  const nics = tools ? vm.nics.map(nicText).join(', \n') : '';
  const net = nics === '' ? '(vim.vm.GuestInfo.NicInfo) []' : `(vim.vm.GuestInfo.NicInfo) [\n${nics}\n   ]`;
  const set = (value: string | undefined): string => (value === undefined ? '<unset>' : `"${value}"`);
  return {
    found: true,
    text: `Guest information:

(vim.vm.GuestInfo) {
   toolsStatus = "${tools ? 'toolsOk' : 'toolsNotInstalled'}", 
   toolsVersionStatus = "${tools ? 'guestToolsCurrent' : 'guestToolsNotInstalled'}", 
   toolsRunningStatus = "${tools ? 'guestToolsRunning' : 'guestToolsNotRunning'}", 
   guestId = ${set(tools ? vm.guestOs : undefined)}, 
   hostName = ${set(tools ? vm.guestHostname : undefined)}, 
   ipAddress = ${set(tools ? vm.nics[0]?.addresses[0] : undefined)}, 
   net = ${net}, 
   guestState = "${vm.worldId > 0 ? 'running' : 'notRunning'}", 
}
`,
  };
}

function nicText({ portgroup, addresses, mac, index }: EsxiVm['nics'][number]): string {
  const list = addresses.map((address) => `            "${address}"`).join(', \n');
  const configured = addresses
    .map(
      (address) => `               (vim.net.IpConfigInfo.IpAddress) {
                  ipAddress = "${address}", 
                  prefixLength = ${address.includes(':') ? 64 : 24}, 
                  origin = <unset>, 
                  state = "preferred", 
                  lifetime = <unset>
               }`,
    )
    .join(', \n');
  return `      (vim.vm.GuestInfo.NicInfo) {
         network = "${portgroup}", 
         ipAddress = (string) [
${list}
         ], 
         macAddress = "${mac}", 
         connected = true, 
         deviceConfigId = ${4000 + index}, 
         dnsConfig = (vim.net.DnsConfigInfo) null, 
         ipConfig = (vim.net.IpConfigInfo) {
            dhcp = (vim.net.DhcpConfigInfo) null, 
            ipAddress = (vim.net.IpConfigInfo.IpAddress) [
${configured}
            ], 
            autoConfigurationEnabled = <unset>
         }, 
         netBIOSConfig = (vim.net.NetBIOSConfigInfo) null
      }`;
}

/** `net-stats -l`: type 4 is an uplink, 3 a vmkernel interface, 5 a VM. */
export function netStats(host: EsxiHost): string {
  const line = (port: number, type: number, sub: number, sw: string, mac: string, client: string): string =>
    `${String(port).padStart(10)} ${String(type).padStart(10)} ${String(sub).padStart(7)} ${sw.padEnd(16)} ${mac.padEnd(18)} ${client}\n`;
  return [
    'PortNum          Type SubType SwitchName       MACAddress         ClientName\n',
    line(33_554_434, 4, 0, 'vSwitch0', '00:50:56:aa:00:01', 'vmnic0'),
    ...host.vmkernels.map((vmk) => line(vmk.portId, 3, 0, vmk.vswitch, vmk.mac, vmk.name)),
    ...running(host).flatMap((vm) =>
      vm.nics.map((nic) => line(nic.portId, 5, 9, nic.vswitch, nic.mac, `${vm.name}.eth${nic.index}`)),
    ),
  ].join('');
}

/** A VM's `.vmx` file. */
export function vmxText(vm: EsxiVm): string {
  const uuid = (vm.uuid.match(/../gu) ?? []).join(' ');
  const spaced = `${uuid.slice(0, 23)}-${uuid.slice(24)}`;
  return [
    '.encoding = "UTF-8"',
    `displayName = "${vm.name}"`,
    `uuid.bios = "${spaced}"`,
    `guestOS = "${vm.guestOs.replace('Guest', '')}"`,
    ...vm.nics.flatMap((nic) => [
      `ethernet${nic.index}.present = "TRUE"`,
      `ethernet${nic.index}.networkName = "${nic.portgroup}"`,
      `ethernet${nic.index}.addressType = "generated"`,
      `ethernet${nic.index}.generatedAddress = "${nic.mac}"`,
    ]),
    '',
  ].join('\n');
}
