import type { SshPlatform } from '../ssh-record';
import type { DevicePlatform, Platform } from './platform';
import { aristaEos } from './platforms/arista-eos.data';
import { ciscoAsa } from './platforms/cisco-asa.data';
import { ciscoIos } from './platforms/cisco-ios.data';
import { ciscoNxos } from './platforms/cisco-nxos.data';
import { fortigate } from './platforms/fortigate.data';
import { juniperJunos } from './platforms/juniper-junos.data';
import { mikrotik } from './platforms/mikrotik.data';
import { panos } from './platforms/panos.data';
import { opnsense, pfsense } from './platforms/pfsense.data';
import { vyos } from './platforms/vyos.data';

/** Every kind of network device that is read over SSH. A new one is one file of data and one line here. */
export const PLATFORMS: Readonly<Record<DevicePlatform, Platform>> = {
  cisco_ios: ciscoIos,
  cisco_asa: ciscoAsa,
  cisco_nxos: ciscoNxos,
  juniper_junos: juniperJunos,
  fortigate,
  panos,
  arista_eos: aristaEos,
  mikrotik,
  vyos,
  pfsense,
  opnsense,
};

/** What is appended to the user name at login: RouterOS takes settings of the session there. */
export function userSuffixOf(platform: SshPlatform): string {
  return platform === 'esxi' ? '' : (PLATFORMS[platform].userSuffix ?? '');
}
