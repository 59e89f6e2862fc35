/** How observations become intervals. */
export interface BindingRules {
  /** Scope (site, VRF) in which the addresses of a device are meant. Must be pure. */
  readonly scopeOf: (device: string, vrf: string | null) => string;
  /** Series kept in memory; the others are read again when they are observed again. */
  readonly maxSeries: number;
}

export const DEFAULT_BINDING_RULES: BindingRules = {
  scopeOf: (_device, vrf) => vrf ?? '',
  maxSeries: 32_768,
};
