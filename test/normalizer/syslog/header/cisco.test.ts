import { seen } from './seen';

const ios = { encoding: 'utf8', grammar: 'cisco_ios', facility: 23, severity: 5 };
const nxos = { ...ios, grammar: 'cisco_nxos' };
const asa = { encoding: 'utf8', grammar: 'cisco_asa', facility: 20, severity: 6 };
const received = { time: '2026-11-24T04:00:00.000Z' };

describe('Cisco IOS, IOS-XE and IOS-XR headers', () => {
  const content = '%SYS-5-CONFIG_I: Configured from console';
  test.each([
    [
      'a counter, an origin and a clock that was never set: the receive time stands in',
      `<189>29: foo: *Mar  1 00:00:00.123 UTC: ${content}`,
      { ...ios, ...received, timeQuality: 'unsynced', hostname: 'foo', sequence: { ios: 29 }, content },
    ],
    [
      'two counters and a zone name',
      `<189>421370: 421366: Nov 24 03:59:00.123 CET: ${content}`,
      {
        ...ios,
        time: '2026-11-24T02:59:00.123Z',
        timeQuality: 'no_year',
        timezone: 'CET',
        sequence: { ios: 421370, ios_service: 421366 },
        content,
      },
    ],
    [
      'a dot: synchronization was lost',
      `<189>42: .Nov 24 03:59:00.123: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:59:00.123Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        sequence: { ios: 42 },
        content,
      },
    ],
    [
      'uptime as a clock',
      `<189>42: 00:01:01: ${content}`,
      { ...ios, ...received, timeQuality: 'from_receipt', sequence: { ios: 42 }, content },
    ],
    [
      'uptime in weeks and days',
      `<189>42: 1w2d: ${content}`,
      { ...ios, ...received, timeQuality: 'from_receipt', sequence: { ios: 42 }, content },
    ],
    [
      'no time at all',
      `<189>42: 43: ${content}`,
      { ...ios, ...received, timeQuality: 'from_receipt', sequence: { ios: 42, ios_service: 43 }, content },
    ],
    [
      'year and afternoon',
      `<189>42: sw1: Nov 23 2026 03:59:00 PM: ${content}`,
      {
        ...ios,
        time: '2026-11-23T15:59:00.000Z',
        timeQuality: 'no_zone',
        timezone: 'UTC',
        hostname: 'sw1',
        sequence: { ios: 42 },
        content,
      },
    ],
    [
      'midnight in twelve hours',
      `<189>42: Nov 24 2026 12:30:00 AM UTC: ${content}`,
      {
        ...ios,
        time: '2026-11-24T00:30:00.000Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        sequence: { ios: 42 },
        content,
      },
    ],
    [
      'an XR node before the time and a process behind it',
      '<149>2647599: vmx01 RP/0/RSP1/CPU0:Nov 23 15:08:30.941 UTC: bgp[1051]: %ROUTING-BGP-5-MAXPFX : No',
      {
        ...ios,
        facility: 18,
        time: '2026-11-23T15:08:30.941Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'vmx01',
        appName: 'bgp',
        procId: '1051',
        sequence: { ios: 2647599 },
        content: '%ROUTING-BGP-5-MAXPFX : No',
      },
    ],
    [
      'an XR line card and a blank before the colon',
      '<187>94307: gw1 LC/0/2/CPU0:Nov 23 20:16:14.834 : ifmgr[214]: %PKT_INFRA-LINK-3-UPDOWN : x',
      {
        ...ios,
        severity: 3,
        time: '2026-11-23T20:16:14.834Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'gw1',
        appName: 'ifmgr',
        procId: '214',
        sequence: { ios: 94307 },
        content: '%PKT_INFRA-LINK-3-UPDOWN : x',
      },
    ],
    [
      'a CBR8 line card',
      `<189>148: CLC 6/0: Nov 24 03:00:00.123: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:00:00.123Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        sequence: { ios: 148 },
        content,
      },
    ],
    [
      'an invented zone name leaves the zone to the configuration',
      `<189>42: Nov 24 03:59:00.123 LAB: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:59:00.123Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        sequence: { ios: 42 },
        content,
      },
    ],
    [
      'a wireless controller names the task before the time',
      `<189>WLC1: *spamApTask3: Nov 24 03:00:00.123: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:00:00.123Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'WLC1',
        appName: 'spamApTask3',
        content,
      },
    ],
    [
      'or without its own name',
      `<189>*spamApTask3: Nov 24 03:00:00.123: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:00:00.123Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        appName: 'spamApTask3',
        content,
      },
    ],
    [
      'debug text without a mnemonic',
      '<191>7: *Mar  1 00:00:00.123: OSPF: rcv. v:2',
      {
        ...ios,
        severity: 7,
        ...received,
        timeQuality: 'unsynced',
        sequence: { ios: 7 },
        appName: 'OSPF',
        content: 'rcv. v:2',
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('NX-OS headers', () => {
  const content = '%AUTHPRIV-5-SYSTEM_MSG: x';
  test.each([
    [
      'a colon first',
      `<189>: 2026 Nov 24 03:27:28 GMT: ${content}`,
      { ...nxos, time: '2026-11-24T03:27:28.000Z', timeQuality: 'ok', timezone: 'GMT', content },
    ],
    [
      'a BSD header before its own',
      `<189>Nov 24 03:21:27 HOST : 2026 Nov 24 03:21:27.206 UTC: ${content}`,
      {
        ...nxos,
        time: '2026-11-24T03:21:27.206Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'HOST',
        content,
      },
    ],
    [
      'a counter and the host',
      `<189>77: NX1: 2026 Nov 24 03:21:27.206 UTC: ${content}`,
      {
        ...nxos,
        time: '2026-11-24T03:21:27.206Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'NX1',
        sequence: { ios: 77 },
        content,
      },
    ],
    [
      'no priority: the mnemonic tells the severity',
      `2026 Nov 24 03:21:27.206 UTC: ${content}`,
      {
        encoding: 'utf8',
        grammar: 'cisco_nxos',
        severity: 5,
        time: '2026-11-24T03:21:27.206Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        content,
      },
    ],
    [
      'the host behind the time',
      `<189>2026 Nov 24 03:40:19 switch01 ${content}`,
      {
        ...nxos,
        time: '2026-11-24T03:40:19.000Z',
        timeQuality: 'no_zone',
        timezone: 'UTC',
        hostname: 'switch01',
        content,
      },
    ],
    [
      'the host before the time',
      `<189>sw01.pdx01: 2026 Nov 24 03:42:46 UTC: ${content}`,
      {
        ...nxos,
        time: '2026-11-24T03:42:46.000Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'sw01.pdx01',
        content,
      },
    ],
    [
      'a zone behind the host and away from the time',
      `<189>Nov 24 03:34:35 host AEST: ${content}`,
      {
        ...ios,
        time: '2026-11-24T03:34:35.000Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'host',
        content,
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('the six headers of ASA and FTD', () => {
  const content = '%ASA-6-302013: Built outbound TCP connection 1';
  test.each([
    [
      'a year and no host',
      `<166>Nov 24 2026 03:59:50: ${content}`,
      { ...asa, time: '2026-11-24T03:59:50.000Z', timeQuality: 'no_zone', timezone: 'UTC', content },
    ],
    [
      'a host and a colon with blanks',
      `<166>Nov 24 2026 03:59:50 HOST : ${content}`,
      {
        ...asa,
        time: '2026-11-24T03:59:50.000Z',
        timeQuality: 'no_zone',
        timezone: 'UTC',
        hostname: 'HOST',
        content,
      },
    ],
    [
      'EMBLEM with a class in the mnemonic',
      '<166>:Nov 24 02:03:03 UTC: %ASA-session-6-302013: Built',
      {
        ...asa,
        time: '2026-11-24T02:03:03.000Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        content: '%ASA-session-6-302013: Built',
      },
    ],
    [
      'RFC 3339 time',
      '<166>2026-11-24T03:31:53Z HOST : %FTD-6-430003: EventPriority: Low',
      {
        ...asa,
        time: '2026-11-24T03:31:53.000Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'HOST',
        content: '%FTD-6-430003: EventPriority: Low',
      },
    ],
    ['nothing but the message', `<166>${content}`, { ...asa, ...received, timeQuality: 'from_receipt', content }],
    [
      'an address and no time',
      `<166>10.255.255.1 ${content}`,
      { ...asa, ...received, timeQuality: 'from_receipt', hostname: '10.255.255.1', content },
    ],
    [
      'an address in angle brackets',
      `<166>Nov 24 2026 03:59:50 <10.0.0.1> : ${content}`,
      {
        ...asa,
        time: '2026-11-24T03:59:50.000Z',
        timeQuality: 'no_zone',
        timezone: 'UTC',
        hostname: '10.0.0.1',
        content,
      },
    ],
    [
      'a host with a colon looks like a zone and is none',
      `<166>Nov 24 03:59:50 FWA: ${content}`,
      {
        ...asa,
        time: '2026-11-24T03:59:50.000Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'FWA',
        content,
      },
    ],
    [
      'an RFC 5424 header around it',
      `<166>1 2026-11-24T03:31:53Z HOST - - - - ${content}`,
      {
        ...asa,
        version: 1,
        time: '2026-11-24T03:31:53.000Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'HOST',
        content,
      },
    ],
    [
      'the management centre passes it on',
      '<113>Nov 24 03:00:00 fmc SFIMS: %NGIPS-1-430003: a',
      {
        ...asa,
        facility: 14,
        severity: 1,
        time: '2026-11-24T03:00:00.000Z',
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'fmc',
        appName: 'SFIMS',
        content: '%NGIPS-1-430003: a',
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});
