/**
 * What the configuration says of a sender. The normalizer is given one `SettingsFor` and asks it by peer; unknown
 * peers get the defaults.
 */
export interface DeviceSettings {
  /** Name under which facts of this device are kept; absent: what the device calls itself, else its address. */
  readonly name?: string;
  /** Vendor profile that wins over recognition by content: `cisco_asa`, `fortigate`, … */
  readonly profile?: string;
  /** IANA zone for times without one; default UTC. */
  readonly timezone?: string;
  /** Site / VRF / VDOM in which this device's addresses are meant. */
  readonly scope?: string;
  /** This sender relays others' messages: the header's host is the device. */
  readonly relay?: boolean;
  /** One packet in how many, for exporters that do not say; wins over what they say when `samplingOverride`. */
  readonly samplingRate?: number;
  readonly samplingOverride?: boolean;
}

/** Settings of the device that sends from `address` (canonical text, no port). Must be pure and quick: called per record. */
export type SettingsFor = (address: string) => DeviceSettings;
