import { seen } from './seen';

const bsd = { encoding: 'utf8', grammar: 'rfc3164', facility: 1, severity: 5 };
const three = { time: '2026-11-24T03:00:00.000Z', timeQuality: 'no_year', timezone: 'UTC' };
const received = { time: '2026-11-24T04:00:00.000Z', timeQuality: 'from_receipt' };

describe('RFC 5424', () => {
  const base = { encoding: 'utf8', grammar: 'rfc5424', version: 1, facility: 4, severity: 2 };
  const at = { time: '2026-11-24T03:00:00.003Z', timeQuality: 'ok', timezone: 'UTC' };
  test.each([
    [
      'every field, with a byte order mark before the text',
      '<34>1 2026-11-24T03:00:00.003Z mymachine.example.com su 77 ID47 - \uFEFFfailed',
      {
        ...base,
        ...at,
        hostname: 'mymachine.example.com',
        appName: 'su',
        procId: '77',
        msgId: 'ID47',
        content: 'failed',
      },
    ],
    ['nothing but nil values', '<34>1 - - - - - -', { ...base, ...received, content: '' }],
    [
      'fields missing at the end',
      '<34>1 2026-11-24T03:00:00.003Z host',
      { ...base, ...at, hostname: 'host', content: '' },
    ],
    [
      'an offset with microseconds',
      '<34>1 2026-11-24T05:00:00.003999+02:00 h a - - - x',
      { ...base, ...at, timezone: '+02:00', hostname: 'h', appName: 'a', content: 'x' },
    ],
    [
      'escapes in structured data, the counter of the meta element',
      String.raw`<34>1 2026-11-24T03:00:00.003Z h a - - [x@1 a="q\"b\\c\]d\e"][meta sequenceId="29"] text`,
      {
        ...base,
        ...at,
        hostname: 'h',
        appName: 'a',
        data: { 'x@1': { a: String.raw`q"b\c]d\e` }, meta: { sequenceId: '29' } },
        sequence: { meta: 29 },
        content: 'text',
      },
    ],
    [
      'Check Point: looks like structured data and is none',
      String.raw`<34>1 2026-11-24T03:00:00.003Z gw CheckPoint 1930 - [action:"Accept"; a::"x\]"; version:"5"; version:"6"]`,
      {
        ...base,
        ...at,
        hostname: 'gw',
        appName: 'CheckPoint',
        procId: '1930',
        content: String.raw`[action:"Accept"; a::"x\]"; version:"5"; version:"6"]`,
      },
    ],
    [
      'Junos: all in the structured data',
      '<34>1 2026-11-24T03:00:00.003Z srx RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.26 reason="TCP FIN" n="No "]',
      {
        ...base,
        ...at,
        hostname: 'srx',
        appName: 'RT_FLOW',
        msgId: 'RT_FLOW_SESSION_CLOSE',
        data: { 'junos@2636.1.1.1.2.26': { reason: 'TCP FIN', n: 'No ' } },
        content: '',
      },
    ],
    [
      'structured data that is never closed is text',
      '<34>1 2026-11-24T03:00:00.003Z h a - - [x@1 a="b',
      { ...base, ...at, hostname: 'h', appName: 'a', content: '[x@1 a="b' },
    ],
    [
      'an event list in brackets is text',
      '<14>1 2026-11-24T03:00:00.003Z vc vpxd 5430 - - Event [123] [1-1] [vim.event.UserLoginSessionEvent]',
      {
        ...base,
        facility: 1,
        severity: 6,
        ...at,
        hostname: 'vc',
        appName: 'vpxd',
        procId: '5430',
        content: 'Event [123] [1-1] [vim.event.UserLoginSessionEvent]',
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('RFC 3164 as it is sent', () => {
  test.each([
    [
      'time, host, tag and pid',
      '<13>Nov 24 03:00:00 host sshd[12]: text',
      { ...bsd, ...three, hostname: 'host', appName: 'sshd', procId: '12', content: 'text' },
    ],
    [
      'a path as the tag',
      '<13>Nov 24 03:00:00 vmx01 /kernel: tcp_auth_ok',
      { ...bsd, ...three, hostname: 'vmx01', appName: 'kernel', content: 'tcp_auth_ok' },
    ],
    [
      'two blanks before the host (Junos)',
      '<13>Nov 24 03:00:00  vmx01 rpd[2902]: RPD_OSPF_NBRDOWN: x',
      { ...bsd, ...three, hostname: 'vmx01', appName: 'rpd', procId: '2902', content: 'RPD_OSPF_NBRDOWN: x' },
    ],
    [
      'no host (pfSense)',
      '<13>Nov 24 03:00:00 dhcpd[64305]: DHCPACK on',
      { ...bsd, ...three, appName: 'dhcpd', procId: '64305', content: 'DHCPACK on' },
    ],
    [
      'no host and no pid (filterlog)',
      '<13>Nov 24 03:00:00 filterlog: 5,,,1',
      { ...bsd, ...three, appName: 'filterlog', content: '5,,,1' },
    ],
    [
      'no tag: the CSV of PAN-OS',
      '<13>Nov 24 03:00:00 PA-220 1,2026/11/24 03:00:00,0011,TRAFFIC',
      { ...bsd, ...three, hostname: 'PA-220', content: '1,2026/11/24 03:00:00,0011,TRAFFIC' },
    ],
    [
      'no host either',
      '<13>Nov 24 03:00:00 1,2026/11/24 03:00:00,0011,TRAFFIC',
      { ...bsd, ...three, content: '1,2026/11/24 03:00:00,0011,TRAFFIC' },
    ],
    [
      'CEF is no tag',
      '<13>Nov 24 03:00:00 gw CEF:0|Check Point|VPN-1|x|',
      { ...bsd, ...three, hostname: 'gw', content: 'CEF:0|Check Point|VPN-1|x|' },
    ],
    [
      'CEF without a host',
      '<13>Nov 24 03:00:00 CEF:0|Fortinet|Fortigate|x|',
      { ...bsd, ...three, content: 'CEF:0|Fortinet|Fortigate|x|' },
    ],
    [
      'a year behind the time',
      '<13>Nov 24 03:00:00 2026 host app: x',
      { ...bsd, ...three, timeQuality: 'no_zone', hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'a weekday, a year and a zone',
      '<13>Tue Nov 24 03:00:00 2026 GMT host app: x',
      { ...bsd, ...three, timeQuality: 'ok', timezone: 'GMT', hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'RFC 3339 with an offset',
      '<13>2026-11-24T04:00:00+01:00 host app: x',
      { ...bsd, ...three, timeQuality: 'ok', timezone: '+01:00', hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'a day of one digit without the second blank',
      '<13>Nov 4 03:00:00 host app: x',
      {
        ...bsd,
        ...three,
        time: '2026-11-04T03:00:00.000Z',
        timeQuality: 'skewed',
        hostname: 'host',
        appName: 'app',
        content: 'x',
      },
    ],
    [
      'a tag and no time',
      "<13>su: 'su root' failed",
      { ...bsd, ...received, appName: 'su', content: "'su root' failed" },
    ],
    ['text alone', '<13>hello world', { ...bsd, ...received, content: 'hello world' }],
    [
      'no priority, as in files',
      'Nov 24 03:00:00 host kernel: [12.5] IN=eth0',
      {
        encoding: 'utf8',
        grammar: 'rfc3164',
        ...three,
        hostname: 'host',
        appName: 'kernel',
        content: '[12.5] IN=eth0',
      },
    ],
    ['a priority beyond 191 is text', '<192>x', { encoding: 'utf8', grammar: 'bare', ...received, content: '<192>x' }],
    [
      'trailing CR, LF and NUL',
      '<13>Nov 24 03:00:00 host app: x\r\n\0',
      { ...bsd, ...three, hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'an impossible date falls back to the receive time',
      '<13>Feb 30 03:00:00 host app: x',
      { ...bsd, ...received, hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'an IPv6 host',
      '<13>Nov 24 03:00:00 2001:db8::1 app: x',
      { ...bsd, ...three, hostname: '2001:db8::1', appName: 'app', content: 'x' },
    ],
    [
      'Arista: a mnemonic behind a tag',
      '<13>Nov 24 03:00:00 sw Bgp: %BGP-5-ADJCHANGE: peer',
      { ...bsd, ...three, hostname: 'sw', appName: 'Bgp', content: '%BGP-5-ADJCHANGE: peer' },
    ],
    [
      'Arista: a counter before the mnemonic',
      '<13>Nov 24 03:00:00 sw Ebra: 1234: %LINEPROTO-5-UPDOWN: x',
      {
        ...bsd,
        ...three,
        hostname: 'sw',
        appName: 'Ebra',
        sequence: { eos: 1234 },
        content: '%LINEPROTO-5-UPDOWN: x',
      },
    ],
    [
      'Huawei: short month and a count behind the fraction',
      '<13>2026-11-24 03:00:00.000.1 sw %%01IFNET/4/IF_STATE(l)[4997]:x',
      { ...bsd, ...three, timeQuality: 'no_zone', hostname: 'sw', content: '%%01IFNET/4/IF_STATE(l)[4997]:x' },
    ],
    [
      'Opengear: host and port before a time with a month name',
      '<13>ztp-ts port02 2026-Nov-24 03:00:00.000 RXDATA: x',
      { ...bsd, ...three, timeQuality: 'no_zone', hostname: 'ztp-ts', appName: 'RXDATA', content: 'x' },
    ],
    [
      'an octet count that a relay left in the datagram',
      '35 <13>Nov 24 03:00:00 host app: x',
      { ...bsd, ...three, hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'a byte order mark at the beginning of a file',
      '\uFEFF<13>Nov 24 03:00:00 host app: x',
      { ...bsd, ...three, hostname: 'host', appName: 'app', content: 'x' },
    ],
    [
      'Sophos UTM: colons in the date',
      '<13>2026:11:24-03:00:00 utm ulogd[4567]: id="2001"',
      {
        ...bsd,
        ...three,
        timeQuality: 'no_zone',
        hostname: 'utm',
        appName: 'ulogd',
        procId: '4567',
        content: 'id="2001"',
      },
    ],
    [
      'UniFi: its name twice',
      '<13>Nov 24 03:00:00 UDM UDM [WAN_LOCAL-D] IN=eth8',
      { ...bsd, ...three, hostname: 'UDM', content: '[WAN_LOCAL-D] IN=eth8' },
    ],
    [
      'UniFi: model, MAC and version in the name',
      '<13>Nov 24 03:00:00 U7PG2,788a20,v4.3.28: hostapd: ath0',
      { ...bsd, ...three, hostname: 'U7PG2', appName: 'hostapd', content: 'ath0' },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('relays: one extra header, both hosts kept', () => {
  test.each([
    [
      'Cisco behind time and host',
      '<13>Nov 24 03:00:05 10.0.0.1 29: foo: Nov 24 03:00:00.123 UTC: %SYS-5-CONFIG_I: C',
      {
        ...bsd,
        ...three,
        grammar: 'cisco_ios',
        time: '2026-11-24T03:00:00.123Z',
        hostname: 'foo',
        relayHostname: '10.0.0.1',
        sequence: { ios: 29 },
        content: '%SYS-5-CONFIG_I: C',
      },
    ],
    [
      'a whole message with its priority',
      '<189>Nov 24 03:00:05 relay <13>Nov 24 03:00:00 orig sshd[12]: x',
      { ...bsd, ...three, hostname: 'orig', relayHostname: 'relay', appName: 'sshd', procId: '12', content: 'x' },
    ],
    [
      'a BSD header without a priority',
      '<13>Nov 24 03:00:05 relay Nov 24 03:00:00 orig sshd[12]: x',
      { ...bsd, ...three, hostname: 'orig', relayHostname: 'relay', appName: 'sshd', procId: '12', content: 'x' },
    ],
    [
      'Cisco in RFC 5424',
      '<13>1 2026-11-24T03:00:05Z relay - - - - 29: foo: Nov 24 03:00:00 UTC: %SYS-5-CONFIG_I: C',
      {
        ...bsd,
        ...three,
        grammar: 'cisco_ios',
        hostname: 'foo',
        relayHostname: 'relay',
        sequence: { ios: 29 },
        content: '%SYS-5-CONFIG_I: C',
      },
    ],
    [
      'the same host twice is one',
      '<13>Nov 24 03:00:05 fw <13>Nov 24 03:00:00 fw app: x',
      { ...bsd, ...three, hostname: 'fw', appName: 'app', content: 'x' },
    ],
    [
      'a third header stays content',
      '<13>Nov 24 03:00:05 r1 <13>Nov 24 03:00:00 r2 <13>Nov 24 02:00:00 r3 app: x',
      { ...bsd, ...three, hostname: 'r2', relayHostname: 'r1', content: '<13>Nov 24 02:00:00 r3 app: x' },
    ],
    [
      "an application's own time is content",
      '<13>Nov 24 03:00:00 app 2026-11-24 02:59:59,123 INFO [main] x: hello',
      { ...bsd, ...three, hostname: 'app', content: '2026-11-24 02:59:59,123 INFO [main] x: hello' },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('repeat notes', () => {
  test.each([
    ['alone', 'last message repeated 3 times', 3, 'last message repeated 3 times'],
    ['before the text', 'kernel: message repeated 4 times: [ drop it]', 4, 'drop it'],
    ['behind the text', 'kernel: drop (message repeated 5 times)', 5, 'drop'],
    ['once', 'last message repeated 1 time', undefined, 'last message repeated 1 time'],
    ['none, though it ends like one', 'app: I was repeated 3 times', undefined, 'I was repeated 3 times'],
  ])('%s', (_, text, repeat, content) => {
    const message = seen(`<13>Nov 24 03:00:00 host ${text}`);
    expect([message['repeat'], message['content']]).toEqual([repeat, content]);
  });
});

describe('text', () => {
  test('bytes that are not UTF-8 are kept one by one', () => {
    const line = Buffer.concat([Buffer.from('<13>Nov 24 03:00:00 host app: J'), Buffer.from([0xfc, 0x72, 0x67])]);
    expect(seen(line)).toMatchObject({ encoding: 'latin1', content: 'J\u00fcrg' });
  });

  test('UTF-8 is read as such', () => {
    expect(seen('<13>Nov 24 03:00:00 host app: Jürg')).toMatchObject({ encoding: 'utf8', content: 'Jürg' });
  });

  test('escapes, newlines and NUL inside stay', () => {
    expect(seen('<13>Nov 24 03:00:00 host app: a\x1b[31m\nb\0c')).toMatchObject({ content: 'a\x1b[31m\nb\0c' });
  });
});
