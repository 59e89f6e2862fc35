import { z } from 'zod';
import { duration, list, network, section, size } from './values';

const port = z.int().min(0).max(65_535);

const when = z.iso
  .datetime({ offset: true, error: 'expected a time (2026-11-24T02:10:00Z)' })
  .transform((text) => Date.parse(text));

const approvedChange = z.strictObject({
  device: z.string().min(1).meta({ description: 'Device that is changed, by its name', example: 'fw1' }),
  text: z.string().prefault('').describe('Part of the command, line or rule; every change when left out'),
  from: when.meta({ description: 'From when it may happen', example: '2026-11-24T02:00:00Z' }),
  to: when.meta({ description: 'Until when', example: '2026-11-24T04:00:00Z' }),
  reference: z.string().min(1).meta({ description: 'Ticket or name under which it was approved', example: 'CHG-4711' }),
});

/** What a site says of itself to the analytics: ATT&CK's mutable elements, in its spelling. */
export const findingsSection = section(
  {
    AllowedMgmtHosts: list(
      network,
      [],
      'Approved vCenter, jump, update, syslog, NTP, DNS and backup endpoints of ESXi hosts',
    ),
    ESXiAllowedPorts: list(
      port,
      [],
      'Destination ports of ESXi services, besides those of VMware (esxcli network firewall)',
    ),
    PortProfiles: list(port, [], 'Ports, besides the known ones, on which encrypted or private protocols are expected'),
    TrafficVolumeThreshold: size('1B', '1PiB')
      .prefault('1MB')
      .describe('Bytes from which a session on an unknown port is told'),
    TrafficAsymmetryRatio: z.number().min(1).max(1e9).prefault(5).describe('Sent by received bytes that is lopsided'),
    TimeWindow: duration('1s', '30d')
      .prefault('30m')
      .describe('How long after a change, login or command a session may be its work'),
    TransferSizeThresholdMB: z
      .number()
      .positive()
      .prefault(1000)
      .describe('Megabytes sent in one session that are told'),
    SessionDurationThreshold: duration('1s', '30d')
      .prefault('5m')
      .describe('How long an exchange over neither TCP nor UDP may last'),
    DoHResolvers: list(network, [], 'Resolvers that answer over HTTPS or TLS, besides the known public ones'),
    AllowedUsers: list(z.string().min(1), [], 'Accounts that work on ESXi hosts; empty: any'),
    AuthorizedAdmins: list(z.string().min(1), [], 'Accounts that may change rules of network devices; empty: nobody'),
    ApprovedChangeList: list(approvedChange, [], 'Changes approved beforehand: kept, and not told as findings'),
    QueryRatePerClient: z
      .int()
      .min(1)
      .prefault(500)
      .describe('Names under one domain that one client may ask for in a day'),
    OutboundDNSVolume: size('1B', '1PiB')
      .prefault('1MB')
      .describe('Bytes of DNS that an ESXi host may send in one session with a resolver outside'),
    HopCount: z.int().min(2).max(4).prefault(2).describe('Hops from which a chain of relays is told'),
    BenignDestinations: list(network, [], 'Destinations whose rhythm is expected: monitoring, updates, telemetry'),
  },
  'What analytics need to know of the site (see docs/findings.md)',
);
