import { LocalizedKeys } from './localized-keys';

/** The keys of this process. One object, because the library that asks for them (`adapter/net-snmp-library`) is one too. */
export const userKeys = new LocalizedKeys();
