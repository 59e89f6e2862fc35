/** What a reason code of a verdict means, and what would make the next verdict surer; '' where nothing of ours would. */
export interface Reason {
  readonly meaning: string;
  readonly help: string;
}

/** All reason codes that verdicts carry. */
export const REASONS: Readonly<Record<string, Reason>> = {
  BEHIND_PROXY: {
    meaning: 'the address is a proxy’s: the session may be a client’s, and no line of an access log tells whose',
    help: 'send the access log of the proxy by syslog, or import it',
  },
  CLOCK_UNMEASURED: {
    meaning: 'the clocks of the exporter and of the translator were not compared',
    help: 'let the exporter send its own export time, and keep both on NTP',
  },
  CONFIG_LINES: {
    meaning: 'several lines of the device declare this destination',
    help: 'collect the socket table of the device',
  },
  CONFLICT_IP_MAC: {
    meaning: 'sources name different MAC addresses for the address',
    help: 'look for a duplicate address; collect DHCP logs of this network',
  },
  CONFLICT_IP_VM: {
    meaning: 'guests of several machines claim the address',
    help: 'collect ARP tables or DHCP logs of this network',
  },
  DIRECTION_UNKNOWN: {
    meaning: 'no record shows who began the session; of its ends those at home are taken',
    help: 'export TCP flags or biflows, or log sessions at the firewall',
  },
  FLOW_GAP: { meaning: 'flow records of this exporter are missing at this time', help: 'check the way of the exports' },
  LOG_GAP: {
    meaning: 'a device that would have told logged not everything at this time, or it did not arrive',
    help: 'check the logging of the device, and send its log by TCP',
  },
  MULTI_CANDIDATE: { meaning: 'no candidate is far enough ahead of the next', help: '' },
  NAT_CONFLICT: {
    meaning: 'sources name different translations',
    help: 'compare the clocks and tables of the devices that disagree',
  },
  NAT_INFERRED: {
    meaning: 'the translation is inferred from destination, time and counters alone',
    help: 'log translations at the device that makes them (NSEL, NEL or syslog)',
  },
  NO_BINDING: {
    meaning: 'nobody says who had the address then',
    help: 'poll ARP tables or collect DHCP logs of this network',
  },
  NO_CONFIG: { meaning: 'the configuration of the device is not known', help: 'collect the running configuration' },
  NO_CONFIG_LINE: {
    meaning: 'no line of the device declares this destination',
    help: 'look at who works on the device, and at its processes',
  },
  NO_NAT_DESTINATION: {
    meaning: 'the translation is told without the destination',
    help: 'log sessions, not translations alone',
  },
  NO_NAT_LOG: {
    meaning: 'the address is a translated one, and nobody tells whose session this was',
    help: 'log translations at the device that makes them (NSEL, NEL or syslog)',
  },
  NO_SOCKETS: { meaning: 'the sockets of the host are not known', help: 'collect `esxcli network ip connection list`' },
  NO_VNIC: {
    meaning: 'no hypervisor knows the MAC address',
    help: 'collect the virtual machines of all hosts; it may be a physical machine',
  },
  POLL_GAP: {
    meaning: 'a device that would have told could not be read at this time',
    help: 'check that the device can be reached, and its credentials',
  },
  PORT_REUSE: {
    meaning: 'the translated port was given to several clients at about this time',
    help: 'log sessions with milliseconds and bytes',
  },
  PROCESS_UNKNOWN: {
    meaning: 'the host is known, which of its processes or lines it was is not',
    help: 'collect sockets more often',
  },
  PROXY_SHARED: {
    meaning: 'requests of several clients of the proxy fit the session',
    help: 'let the proxy log its own port (Squid: `%<lp`) or milliseconds and bytes',
  },
  SAMPLED: { meaning: 'the exporter counts only some packets', help: 'export unsampled flows' },
  SCOPE_UNKNOWN: {
    meaning: 'the address exists in several networks, and the record does not say which is meant',
    help: 'configure the scope of the exporter, or export the VRF',
  },
  SHORT_SESSION: {
    meaning: 'the session was over before the sockets of the host were looked at',
    help: 'collect sockets more often',
  },
  SOCKET_NOT_SEEN: {
    meaning: 'the session lasted long enough, yet its socket was not among those of the host',
    help: 'collect sockets of all network stacks of the host',
  },
  STALE_IP_MAC: {
    meaning: 'the address was last seen at this MAC address long before or after',
    help: 'poll ARP tables more often',
  },
  STALE_IP_VM: {
    meaning: 'the guest told its address long before or after',
    help: 'collect guest addresses more often',
  },
};
