import type { VendorCase } from './cases';

/** vCenter events as in "Forward vCenter Server Log Files to Remote Syslog Server" and the vSphere Web Services API Reference. */
export const VCENTER_CASES: readonly VendorCase[] = [
  {
    id: 'login',
    line: 'vpxd 4711 - - Event [8154] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.UserLoginSessionEvent] [info] [VSPHERE.LOCAL\\Administrator] [] [8150] [User VSPHERE.LOCAL\\Administrator@$si logged in as VMware-client/6.5.0]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        code: 'UserLoginSessionEvent',
        severity: 6,
        user: 'VSPHERE.LOCAL\\Administrator',
        sourceIp: '$si',
        process: 'vpxd',
        extra: { 'user_agent.original': 'VMware-client/6.5.0' },
      },
    ],
  },
  {
    id: 'login',
    line: 'vpxd 4711 - - Event [8154] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.BadUsernameSessionEvent] [error] [] [] [8150] [Cannot login $user@$si]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        code: 'BadUsernameSessionEvent',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        process: 'vpxd',
      },
    ],
  },
  {
    id: 'migrate',
    line: 'vpxd 4711 - - Event [8155] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.VmMigratedEvent] [info] [VSPHERE.LOCAL\\Administrator] [DC1] [8150] [Migration of virtual machine web from 1 from esx1.example, ds1 to esx2.example, ds1 completed]',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'vm_migrate',
        outcome: 'success',
        code: 'VmMigratedEvent',
        severity: 6,
        user: 'VSPHERE.LOCAL\\Administrator',
        process: 'vpxd',
        extra: {
          'ascribe.vm': 'web from 1',
          'ascribe.vm_host.old': 'esx1.example',
          'ascribe.vm_host': 'esx2.example',
          'ascribe.datacenter': 'DC1',
        },
      },
      { fact: 'binding', relation: 'vm-host', key: 'web from 1', value: 'esx1.example', state: 'end' },
      { fact: 'binding', relation: 'vm-host', key: 'web from 1', value: 'esx2.example', state: 'begin' },
    ],
  },
  {
    id: 'migrate',
    line: 'vpxd 4711 - - Event [8155] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.DrsVmMigratedEvent] [info] [User] [DC1] [8150] [DRS migrated web1 from esx1.example to esx2.example in cluster C1 in DC1]',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'vm_migrate',
        outcome: 'success',
        code: 'DrsVmMigratedEvent',
        severity: 6,
        user: 'User',
        process: 'vpxd',
        extra: {
          'ascribe.vm': 'web1',
          'ascribe.vm_host.old': 'esx1.example',
          'ascribe.vm_host': 'esx2.example',
          'ascribe.datacenter': 'DC1',
        },
      },
      { fact: 'binding', relation: 'vm-host', key: 'web1', value: 'esx1.example', state: 'end' },
      { fact: 'binding', relation: 'vm-host', key: 'web1', value: 'esx2.example', state: 'begin' },
    ],
  },
  {
    id: 'power',
    line: 'vpxd 4711 - - Event [8156] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.VmPoweredOnEvent] [info] [VSPHERE.LOCAL\\$user] [DC1] [8150] [web [1] on esx1.example in DC1 is powered on]',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'vm_power_on',
        outcome: 'success',
        code: 'VmPoweredOnEvent',
        severity: 6,
        user: 'VSPHERE.LOCAL\\$user',
        process: 'vpxd',
        extra: { 'ascribe.vm': 'web [1]', 'ascribe.vm_host': 'esx1.example', 'ascribe.datacenter': 'DC1' },
      },
      { fact: 'binding', relation: 'vm-host', key: 'web [1]', value: 'esx1.example', state: 'begin' },
    ],
  },
  {
    id: 'task',
    line: 'vpxd 4711 - - Event [8157] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.TaskEvent] [info] [VSPHERE.LOCAL\\$user] [DC1] [8150] [Task: Power On virtual machine]',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'task',
        code: 'TaskEvent',
        severity: 6,
        user: 'VSPHERE.LOCAL\\$user',
        process: 'vpxd',
        message: 'Task: Power On virtual machine',
        extra: { 'ascribe.datacenter': 'DC1' },
      },
    ],
  },
  {
    id: 'sso',
    line: 'sso 4711 - - {"user":"bob@vsphere.local","client":"192.0.2.77","timestamp":"11/24/2026 02:10:00 GMT","description":"User bob@vsphere.local logged in with response code 200","eventSeverity":"INFO","type":"com.vmware.sso.LoginSuccess"}',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        code: 'com.vmware.sso.LoginSuccess',
        severity: 6,
        user: 'bob@vsphere.local',
        sourceIp: '192.0.2.77',
        process: 'sso',
        message: 'User bob@vsphere.local logged in with response code 200',
      },
    ],
  },
  {
    id: 'loss',
    line: 'vpxd 58650 - -  Event [575800] [1-1] [2026-11-24T02:10:00.187973Z] [vim.event.GeneralHostWarningEvent] [warning] [] [Home] [575800] [Issue detected on esx1.example in Home: vmsyslog logger 10.100.10.30:514 lost 156959 log messages',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'log_loss',
        outcome: 'failure',
        code: 'GeneralHostWarningEvent',
        severity: 6,
        process: 'vpxd',
        extra: {
          'ascribe.vm_host': 'esx1.example',
          'ascribe.log_host': '10.100.10.30:514',
          'ascribe.lost_messages': 156959,
          'ascribe.datacenter': 'Home',
        },
      },
      { fact: 'gap', kind: 'device_stated', missing: 156959n, unit: 'messages', detail: 'vmsyslog' },
    ],
  },
  {
    id: 'logout',
    line: 'vpxd 58650 - -  Event [575793] [1-1] [2026-11-24T02:10:00.288346Z] [vim.event.UserLogoutSessionEvent] [info] [VSPHERE.LOCAL\\$user] [] [575793] [User VSPHERE.LOCAL\\$user@$si logged out (login time: Monday, 06 September, 2021 02:40:13 PM, number of API invocations: 3, user agent: Go-http-client/1.1)]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'logout',
        code: 'UserLogoutSessionEvent',
        severity: 6,
        user: 'VSPHERE.LOCAL\\$user',
        sourceIp: '$si',
        process: 'vpxd',
      },
    ],
  },
];
