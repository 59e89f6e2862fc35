import type { Prevalence } from '../../store/analysis/series-store';

/** Shares of all owners up to which a destination is rare, and from which on it is common. */
const RARE = 0.02;
const COMMON = 0.5;
/** A destination that so few owners talk with is no service of everybody's, however small the site. */
const FEW_OWNERS = 2;
/** Owners of a destination, at most, that are looked at as relays: where many talk with it, each for itself, nobody needs one. */
const RELAYED = 3;
/** A share that has changed by this factor is told anew. */
const FACTOR = 1.25;

export function isRare({ owners, of }: Prevalence): boolean {
  return shareOf({ owners, of }) <= RARE || owners <= FEW_OWNERS;
}

export function isCommon(prevalence: Prevalence): boolean {
  return shareOf(prevalence) >= COMMON;
}

export function mayBeRelayed({ owners }: Prevalence): boolean {
  return owners <= RELAYED;
}

/** What was scored with one prevalence is to be scored again with the other. */
export function changesRarity(before: Prevalence, now: Prevalence): boolean {
  const [one, other] = [shareOf(before), shareOf(now)];
  return (
    isRare(before) !== isRare(now) ||
    isCommon(before) !== isCommon(now) ||
    mayBeRelayed(before) !== mayBeRelayed(now) ||
    Math.max(one, other) > FACTOR * Math.min(one, other)
  );
}

function shareOf({ owners, of }: Prevalence): number {
  return of === 0 ? 1 : owners / of;
}
