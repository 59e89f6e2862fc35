import { hash } from 'node:crypto';

/** 32 hex digits that name one record of one store for ever. `instance` tells stores apart that feed one receiver. */
export function uidOf(instance: string, kind: string, key: string): string {
  return hash('sha256', `${instance}\n${kind}\n${key}`, 'hex').slice(0, 32);
}
