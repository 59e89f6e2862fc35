import { version as packageVersion } from '../package.json';

/** Version of this package. */
export const version: string = packageVersion;
