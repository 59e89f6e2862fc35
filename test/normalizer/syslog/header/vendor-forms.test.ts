import { seen } from './seen';

const utf8 = { encoding: 'utf8' };
const three = { time: '2026-11-24T03:00:00.000Z' };

describe('key=value without a syslog header', () => {
  const forti = { ...utf8, grammar: 'fortigate', facility: 23, severity: 5 };
  test.each([
    ['seconds', '1795489200', three.time],
    ['milliseconds', '1795489200123', '2026-11-24T03:00:00.123Z'],
    ['microseconds', '1795489200123456', '2026-11-24T03:00:00.123Z'],
    ['nanoseconds', '1795489200123456789', '2026-11-24T03:00:00.123Z'],
  ])('FortiGate eventtime in %s', (_, eventtime, time) => {
    const content = `date=2026-11-24 time=09:19:21 devname="fw 01" devid="FG8" eventtime=${eventtime} tz="-0500" logid="1"`;
    expect(seen(`<189>${content}`)).toEqual({
      ...forti,
      time,
      timeQuality: 'ok',
      timezone: 'UTC',
      hostname: 'fw 01',
      content,
    });
  });

  test.each([
    ['-0500', '2026-11-24T08:00:00.000Z', 'ok', '-05:00'],
    ['"UTC+2:00"', '2026-11-24T01:00:00.000Z', 'ok', '+02:00'],
    ['"+0530"', '2026-11-23T21:30:00.000Z', 'ok', '+05:30'],
  ])('FortiGate date, time and tz=%s', (tz, time, timeQuality, timezone) => {
    const line = `<189>date=2026-11-24 time=03:00:00 devname=fw01 devid=FG8 tz=${tz} logid=1`;
    expect(seen(line)).toMatchObject({ grammar: 'fortigate', time, timeQuality, timezone, hostname: 'fw01' });
  });

  test('FortiGate without eventtime and tz takes the configured zone', () => {
    const line = '<189>date=2026-07-01 time=03:00:00 devname=fw01 logid=1';
    expect(seen(line, 'Europe/Berlin', Date.UTC(2026, 6, 1))).toMatchObject({
      time: '2026-07-01T01:00:00.000Z',
      timeQuality: 'no_zone',
      timezone: 'Europe/Berlin',
    });
  });

  test("FortiGate's csv format", () => {
    const line = '<189>date=2026-11-24,time=03:00:00,devname="fw01",devid="FG8",eventtime=1795489200,logid="1"';
    expect(seen(line)).toMatchObject({ grammar: 'fortigate', ...three, hostname: 'fw01' });
  });

  test('behind a relay both hosts are kept and its own time wins', () => {
    const line = '<189>Nov 24 03:30:00 relay date=2026-11-24 time=03:00:00 devname=fw01 tz="+0000" logid=1';
    expect(seen(line)).toMatchObject({ grammar: 'fortigate', ...three, hostname: 'fw01', relayHostname: 'relay' });
  });

  test('a key inside a value is not the key', () => {
    const line = '<189>date=2026-11-24 time=03:00:00 devname="a eventtime=1" tz="+0000"';
    expect(seen(line)).toMatchObject({ ...three, hostname: 'a eventtime=1' });
  });

  test.each([
    ['SonicWall', 'id=firewall sn=C0EA time="2026-11-24 03:00:00 UTC" fw=1.2.3.4 pri=6', 'sonicwall', 'ok'],
    ['SonicWall without a zone', 'id=firewall sn=C0EA time="2026-11-24 03:00:00" fw=1.2.3.4', 'sonicwall', 'no_zone'],
    ['Sophos', 'device="SFW" date=2026-11-24 time=03:00:00 timezone="GMT" device_name="XG"', 'sophos', 'ok'],
    ['Sophos 18', 'device_name="SFW" timestamp="2026-11-24T08:30:00+0530" log_id="1"', 'sophos', 'ok'],
  ])('%s', (_, content, grammar, timeQuality) => {
    expect(seen(`<134>${content}`)).toMatchObject({ grammar, ...three, timeQuality, content });
  });

  test('a zone name used in several places holds where the device has that offset', () => {
    const line = '<30>device="SFW" date=2026-11-24 time=03:00:00 timezone="IST" device_name="XG"';
    expect(seen(line)).toMatchObject({ ...three, timeQuality: 'no_zone', timezone: 'UTC' });
    expect(seen(line, 'Asia/Kolkata')).toMatchObject({
      time: '2026-11-23T21:30:00.000Z',
      timeQuality: 'ok',
      timezone: 'IST',
    });
  });
});

describe("ESXi's spellings", () => {
  const ok = { ...utf8, time: '2026-11-24T03:00:00.230Z', timeQuality: 'ok', timezone: 'UTC' };
  const esxi = { ...ok, grammar: 'esxi', facility: 20, severity: 6 };
  const time = '2026-11-24T03:00:00.230Z';
  test.each([
    [
      '6.5-7: two program names',
      `<166>${time} esx1 Hostd: info hostd[1053970] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=ab-1 user=root] Event 1`,
      {
        ...esxi,
        hostname: 'esx1',
        appName: 'hostd',
        procId: '1053970',
        data: { 'Originator@6876': { sub: 'Vimsvc.ha-eventmgr', opID: 'ab-1', user: 'root' } },
        content: 'Event 1',
      },
    ],
    [
      '8: the process with its number',
      `<166>${time} esx1 Hostd[2098867]: [Originator@6876 sub=Libs] text`,
      {
        ...esxi,
        hostname: 'esx1',
        appName: 'Hostd',
        procId: '2098867',
        data: { 'Originator@6876': { sub: 'Libs' } },
        content: 'text',
      },
    ],
    [
      'a value with blanks and no quotes',
      `<166>${time} esx1 Hostd[1]: [Originator@6876 sub=Vmsvc.vm:/vmfs/volumes/ds 1/vm 1.vmx opID=x] text`,
      {
        ...esxi,
        hostname: 'esx1',
        appName: 'Hostd',
        procId: '1',
        data: { 'Originator@6876': { sub: 'Vmsvc.vm:/vmfs/volumes/ds 1/vm 1.vmx', opID: 'x' } },
        content: 'text',
      },
    ],
    [
      'RFC 5424',
      `<166>1 ${time} esx1 vpxa 2356178 - [Originator@6876 sub=VpxaCnxHostd opID=x] text`,
      {
        ...esxi,
        grammar: 'rfc5424',
        version: 1,
        hostname: 'esx1',
        appName: 'vpxa',
        procId: '2356178',
        data: { 'Originator@6876': { sub: 'VpxaCnxHostd', opID: 'x' } },
        content: 'text',
      },
    ],
    [
      'RFC 5424 without MSGID',
      `<166>1 ${time} esx1 vpxa 2356178 [Originator@6876 sub=Vpxa] text`,
      {
        ...esxi,
        grammar: 'rfc5424',
        version: 1,
        hostname: 'esx1',
        appName: 'vpxa',
        procId: '2356178',
        data: { 'Originator@6876': { sub: 'Vpxa' } },
        content: 'text',
      },
    ],
    [
      'vCenter: a line of its log file in RFC 5424',
      `<166>1 ${time} vc1 vpxd 4189 - -  2026-11-24T03:00:00.229Z info vpxd[4206] [Originator@6876 sub=vpxLro] text`,
      {
        ...esxi,
        grammar: 'rfc5424',
        version: 1,
        hostname: 'vc1',
        appName: 'vpxd',
        procId: '4206',
        data: { 'Originator@6876': { sub: 'vpxLro' } },
        content: 'text',
      },
    ],
    [
      'the file of 8: the level has the priority',
      `${time} In(166) Hostd[2098867]: [Originator@6876 sub=Libs opID=q] text`,
      {
        ...esxi,
        appName: 'Hostd',
        procId: '2098867',
        data: { 'Originator@6876': { sub: 'Libs', opID: 'q' } },
        content: 'text',
      },
    ],
    [
      'the file of 8: a continuation line',
      `${time} In(166)+ Hostd[2098867]: more`,
      { ...esxi, appName: 'Hostd', procId: '2098867', content: 'more' },
    ],
    [
      'the file of 6.5-7: the level has no priority',
      `${time} warning hostd[2098867] [Originator@6876 sub=Libs] text`,
      {
        ...ok,
        grammar: 'esxi',
        severity: 4,
        appName: 'hostd',
        procId: '2098867',
        data: { 'Originator@6876': { sub: 'Libs' } },
        content: 'text',
      },
    ],
    [
      'shell audit',
      `<166>${time} esx1 shell[2100]: [shell.cmd@6876 subject="root" command="ls -l"]`,
      {
        ...esxi,
        hostname: 'esx1',
        appName: 'shell',
        procId: '2100',
        data: { 'shell.cmd@6876': { subject: 'root', command: 'ls -l' } },
        content: '',
      },
    ],
    [
      'vobd',
      `<166>${time} esx1 vobd:  [UserLevelCorrelator] 12us: [vob.user.ssh.session.begin] x`,
      {
        ...esxi,
        grammar: 'rfc3164',
        hostname: 'esx1',
        appName: 'vobd',
        content: '[UserLevelCorrelator] 12us: [vob.user.ssh.session.begin] x',
      },
    ],
    [
      'vmkernel',
      `<166>${time} esx1 vmkernel: cpu3:2097565)text`,
      { ...esxi, grammar: 'rfc3164', hostname: 'esx1', appName: 'vmkernel', content: 'cpu3:2097565)text' },
    ],
    [
      'the rest of a line that was cut',
      '<166>Nov 24 03:00:00 vmfs/volumes. = 17',
      {
        ...esxi,
        grammar: 'rfc3164',
        ...three,
        timeQuality: 'no_year',
        content: 'vmfs/volumes. = 17',
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});

describe('short headers', () => {
  test.each([
    [
      'Meraki with a 1 before the epoch',
      '<134>1 1795489200.25 FW_MX_01 flows src=1.2.3.4',
      {
        ...utf8,
        grammar: 'meraki',
        facility: 16,
        severity: 6,
        time: '2026-11-24T03:00:00.250Z',
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'FW_MX_01',
        appName: 'flows',
        content: 'src=1.2.3.4',
      },
    ],
    [
      'Meraki alone',
      '1795489200.000000001 MX events dhcp lease',
      {
        ...utf8,
        grammar: 'meraki',
        ...three,
        timeQuality: 'ok',
        timezone: 'UTC',
        hostname: 'MX',
        appName: 'events',
        content: 'dhcp lease',
      },
    ],
    [
      'MikroTik: topics and nothing else',
      'firewall,info forward: in:ether1 out:ether2',
      {
        ...utf8,
        grammar: 'mikrotik',
        severity: 6,
        time: '2026-11-24T04:00:00.000Z',
        timeQuality: 'from_receipt',
        appName: 'firewall,info',
        content: 'forward: in:ether1 out:ether2',
      },
    ],
    [
      'MikroTik with a BSD header',
      '<30>Nov 24 03:00:00 MikroTik system,error,critical login failure for user x',
      {
        ...utf8,
        grammar: 'mikrotik',
        facility: 3,
        severity: 6,
        ...three,
        timeQuality: 'no_year',
        timezone: 'UTC',
        hostname: 'MikroTik',
        appName: 'system,error,critical',
        content: 'login failure for user x',
      },
    ],
    [
      'words with commas that are no topics',
      'alpha,beta gamma',
      {
        ...utf8,
        grammar: 'bare',
        time: '2026-11-24T04:00:00.000Z',
        timeQuality: 'from_receipt',
        content: 'alpha,beta gamma',
      },
    ],
    [
      'a PAN-OS line without a header',
      '1,2026/11/24 03:00:00,0011,TRAFFIC',
      {
        ...utf8,
        grammar: 'panos',
        time: '2026-11-24T04:00:00.000Z',
        timeQuality: 'from_receipt',
        content: '1,2026/11/24 03:00:00,0011,TRAFFIC',
      },
    ],
  ])('%s', (_, line, expected) => expect(seen(line)).toEqual(expected));
});
