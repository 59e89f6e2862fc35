import type { VendorParser } from './contract';

/**
 * The vendors, one line each. The first whose `recognizes` is true reads the message, so a vendor that could be mistaken
 * for another stands before it, and the busiest stand first.
 */
export const VENDORS: readonly VendorParser[] = [];
