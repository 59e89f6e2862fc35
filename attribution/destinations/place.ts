/** Where an address is, by files the site keeps. A field that no file tells is absent. */
export interface Place {
  /** Number of the autonomous system that announces it. */
  readonly asn?: number;
  readonly organization?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** Names of the files that say so. */
  readonly databases: readonly string[];
}

/** Looks up places; never leaves this host. */
export interface PlaceBook {
  /** `address`: canonical text. Undefined where no file knows it. */
  placeOf(address: string): Place | undefined;
}

export const NO_PLACES: PlaceBook = { placeOf: () => undefined };

/** `AS64500 Example Hosting, DE`. */
export function placeText({ asn, organization, country }: Place): string {
  const system = [asn === undefined ? '' : `AS${asn}`, organization ?? ''].filter((part) => part !== '').join(' ');
  return [system, country ?? ''].filter((part) => part !== '').join(', ');
}

/** As terms of a finding. */
export function placeTerms({ asn, organization, country }: Place): Readonly<Record<string, string | number>> {
  return {
    ...(asn !== undefined && { asn }),
    ...(organization !== undefined && { as_organization: organization }),
    ...(country !== undefined && { country }),
  };
}
