import type { Encrypted, EndpointPurpose } from './config-reading';
import type { ConfigPlatform } from './platforms';

/**
 * Sessions that a device opens without a line of its configuration saying so. Each names the vendor's document. `unless`:
 * beginnings of statements (words, without quotes) that turn it off or send it elsewhere; where the configuration has one of
 * them, the default is stated as not active.
 */
export interface VendorDefault {
  readonly platforms: readonly ConfigPlatform[];
  /** Unique within the vendor: `default:<vendor>:<name>` is the binding's key. */
  readonly vendor: string;
  readonly name: string;
  readonly purpose: EndpointPurpose;
  readonly protocol: string;
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly encrypted: Encrypted;
  readonly unless: readonly string[];
  /** In force only where the configuration has one of these. */
  readonly only?: readonly string[];
}

export const VENDOR_DEFAULTS: readonly VendorDefault[] = [
  // FortiOS Administration Guide, "FortiGuard", "Anycast and unicast services"; Fortinet "FortiOS Ports".
  {
    platforms: ['fortigate'],
    vendor: 'fortinet',
    name: 'fortiguard-anycast',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['globalguardservice.fortinet.net', 'globalupdate.fortinet.net', 'globalftgd.fortinet.net'],
    ports: [443],
    encrypted: 'yes',
    unless: ['set fortiguard-anycast disable'],
  },
  {
    platforms: ['fortigate'],
    vendor: 'fortinet',
    name: 'fortiguard-unicast',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['update.fortiguard.net', 'service.fortiguard.net', 'usupdate.fortiguard.net', 'securewf.fortiguard.net'],
    ports: [443, 8888],
    encrypted: 'yes',
    unless: [],
    only: ['set fortiguard-anycast disable'],
  },
  {
    platforms: ['fortigate'],
    vendor: 'fortinet',
    name: 'forticloud',
    purpose: 'licensing',
    protocol: 'tcp',
    hosts: ['logctrl1.fortinet.com', 'productapi.corp.fortinet.com', 'directregistration.fortinet.com'],
    ports: [443],
    encrypted: 'yes',
    unless: ['set auto-join-forticloud disable'],
  },
  {
    platforms: ['fortigate'],
    vendor: 'fortinet',
    name: 'fortiguard-ntp',
    purpose: 'ntp',
    protocol: 'udp',
    hosts: ['ntp1.fortiguard.com', 'ntp2.fortiguard.com'],
    ports: [123],
    encrypted: 'no',
    unless: ['set type custom', 'set ntpsync disable'],
  },
  {
    platforms: ['fortigate'],
    vendor: 'fortinet',
    name: 'fortiguard-dns',
    purpose: 'dns',
    protocol: 'tcp',
    hosts: ['96.45.45.45', '96.45.46.46'],
    ports: [853],
    encrypted: 'yes',
    unless: ['set primary'],
  },
  // PAN-OS Administrator's Guide, "Ports used for management functions", "WildFire", "Device telemetry".
  {
    platforms: ['panos'],
    vendor: 'paloalto',
    name: 'updates',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['updates.paloaltonetworks.com', 'downloads.paloaltonetworks.com', 'proditpdownloads.paloaltonetworks.com'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
  },
  {
    platforms: ['panos'],
    vendor: 'paloalto',
    name: 'wildfire',
    purpose: 'cloud_management',
    protocol: 'tcp',
    hosts: ['wildfire.paloaltonetworks.com'],
    ports: [443],
    encrypted: 'yes',
    unless: ['public-cloud-server', 'set deviceconfig setting wildfire public-cloud-server'],
  },
  {
    platforms: ['panos'],
    vendor: 'paloalto',
    name: 'url-filtering',
    purpose: 'cloud_management',
    protocol: 'tcp',
    hosts: ['s0000.urlcloud.paloaltonetworks.com', 'urlcloud.paloaltonetworks.com'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
  },
  {
    platforms: ['panos'],
    vendor: 'paloalto',
    name: 'certificate-services',
    purpose: 'pki',
    protocol: 'tcp',
    hosts: ['certificate.paloaltonetworks.com', 'apitrusted.paloaltonetworks.com', 'api.paloaltonetworks.com'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
  },
  // Cisco, "Smart Licensing Using Policy": Smart transport is the default of IOS-XE 17.3.2 and later is CSLU; before, call-home.
  {
    platforms: ['cisco_ios'],
    vendor: 'cisco',
    name: 'smart-licensing',
    purpose: 'licensing',
    protocol: 'tcp',
    hosts: ['smartreceiver.cisco.com', 'tools.cisco.com', 'swapi.cisco.com'],
    ports: [443],
    encrypted: 'yes',
    unless: ['license smart transport off', 'license smart transport cslu', 'license smart url'],
    only: ['license smart', 'license boot level', 'license udi', 'call-home'],
  },
  // Cisco, Smart Call Home User Guide: profile CiscoTAC-1.
  {
    platforms: ['cisco_ios', 'cisco_asa'],
    vendor: 'cisco',
    name: 'call-home-tac',
    purpose: 'call_home',
    protocol: 'tcp',
    hosts: ['tools.cisco.com'],
    ports: [443],
    encrypted: 'yes',
    unless: ['no service call-home', 'no call-home'],
    only: ['call-home', 'service call-home'],
  },
  // Cisco, ASA General Operations Configuration Guide, "Smart Software Licensing": one transport, call home to tools.cisco.com.
  {
    platforms: ['cisco_asa'],
    vendor: 'cisco',
    name: 'asa-smart-licensing',
    purpose: 'licensing',
    protocol: 'tcp',
    hosts: ['tools.cisco.com', 'smartreceiver.cisco.com'],
    ports: [443],
    encrypted: 'yes',
    unless: ['license smart reservation'],
    only: ['license smart'],
  },
  {
    platforms: ['cisco_nxos'],
    vendor: 'cisco',
    name: 'nxos-smart-licensing',
    purpose: 'licensing',
    protocol: 'tcp',
    hosts: ['cslu-local', 'smartreceiver.cisco.com', 'tools.cisco.com'],
    ports: [8182, 443],
    encrypted: 'maybe',
    unless: ['license smart transport off'],
    only: ['license smart', 'feature license smart', 'callhome'],
  },
  // Cisco Meraki, "Upstream firewall rules for cloud connectivity".
  {
    platforms: ['cisco_ios'],
    vendor: 'cisco',
    name: 'meraki-cloud',
    purpose: 'cloud_management',
    protocol: 'tcp',
    hosts: ['dashboard.meraki.com', 'catalyst.meraki.com'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
    only: ['service meraki connect', 'cloud-mgmt connect'],
  },
  // Arista, EOS User Manual, "Zero Touch Provisioning"; CloudVision as a Service.
  {
    platforms: ['arista_eos'],
    vendor: 'arista',
    name: 'ztp',
    purpose: 'cloud_management',
    protocol: 'tcp',
    hosts: ['www.arista.io', 'redirect.arista.io'],
    ports: [443],
    encrypted: 'yes',
    unless: ['zerotouch cancel', 'zerotouch disable'],
    only: ['zerotouch enable'],
  },
  // Juniper, Security Director and IDP: signature updates; "Phone-home client".
  {
    platforms: ['juniper_junos'],
    vendor: 'juniper',
    name: 'phone-home',
    purpose: 'call_home',
    protocol: 'tcp',
    hosts: ['redirect.juniper.net'],
    ports: [443],
    encrypted: 'yes',
    unless: ['delete system phone-home'],
    only: ['phone-home {', 'set system phone-home'],
  },
  {
    platforms: ['juniper_junos'],
    vendor: 'juniper',
    name: 'idp-signatures',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['signatures.juniper.net'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
    only: [
      'security-package {',
      'set security idp security-package',
      'set services application-identification download',
      'automatic {',
    ],
  },
  // MikroTik documentation, "Cloud", "Upgrading and installation", "Detect Internet".
  {
    platforms: ['mikrotik'],
    vendor: 'mikrotik',
    name: 'upgrade',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['upgrade.mikrotik.com'],
    ports: [80, 443],
    encrypted: 'maybe',
    unless: [],
  },
  {
    platforms: ['mikrotik'],
    vendor: 'mikrotik',
    name: 'cloud-time',
    purpose: 'ntp',
    protocol: 'udp',
    hosts: ['cloud.mikrotik.com', 'cloud2.mikrotik.com'],
    ports: [15_252],
    encrypted: 'yes',
    unless: ['set update-time=no', 'set ddns-enabled=no update-time=no'],
  },
  {
    platforms: ['mikrotik'],
    vendor: 'mikrotik',
    name: 'licence',
    purpose: 'licensing',
    protocol: 'tcp',
    hosts: ['licence.mikrotik.com'],
    ports: [443],
    encrypted: 'yes',
    unless: [],
  },
  // VyOS User Guide: NTP servers of the default configuration are lines; nothing else calls out by itself.
  // Netgate documentation, "Firewall updates", "Auto configuration backup", "Bogon networks".
  {
    platforms: ['pfsense'],
    vendor: 'netgate',
    name: 'updates',
    purpose: 'update',
    protocol: 'tcp',
    hosts: [
      'pkg.pfsense.org',
      'firmware.netgate.com',
      'files.netgate.com',
      'ews.netgate.com',
      'pfsense-plus-pkg00.atx.netgate.com',
      'pfsense-plus-pkg01.atx.netgate.com',
    ],
    ports: [443],
    encrypted: 'yes',
    unless: [],
  },
  // OPNsense documentation, "Firmware": default mirror; "Bogons".
  {
    platforms: ['opnsense'],
    vendor: 'opnsense',
    name: 'updates',
    purpose: 'update',
    protocol: 'tcp',
    hosts: ['pkg.opnsense.org', 'bogons.opnsense.org'],
    ports: [443],
    encrypted: 'yes',
    unless: ['<mirror>'],
  },
];
