import { FRESHNESS_MS, OTHER_FRESHNESS_MS } from './freshness.data';

/** How long one observation speaks for a binding of this relation, ms. */
export function freshnessOf(relation: string): number {
  return (FRESHNESS_MS as Readonly<Record<string, number>>)[relation] ?? OTHER_FRESHNESS_MS;
}
