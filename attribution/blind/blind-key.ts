import type { BlindKind } from '../../store/analysis/blind-record';

/** Key of a source: under it its spots reopen verdicts. */
export function blindKey({ kind, device }: { readonly kind: BlindKind; readonly device: string }): string {
  return `${kind} ${device}`;
}

/** Kind and device of such a key. */
export function readBlindKey(key: string): { readonly kind: string; readonly device: string } {
  const space = key.indexOf(' ');
  return { kind: key.slice(0, space), device: key.slice(space + 1) };
}
