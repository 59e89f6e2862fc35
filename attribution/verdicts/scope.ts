/** How two scopes (`site`, `site/vrf`) relate: the same, told apart, or one of them says too little to tell. */
export type ScopeMatch = 'same' | 'open' | 'apart';

/**
 * Exporters number VRFs and configurations name them: a number and a name of one site are not told apart. Nor is a scope
 * that is not known.
 */
export function matchScopes(left: string, right: string): ScopeMatch {
  if (left === right) return 'same';
  if (left === '' || right === '') return 'open';
  const [leftSite, leftVrf] = split(left);
  const [rightSite, rightVrf] = split(right);
  if (leftSite !== rightSite) return 'apart';
  if (leftVrf === undefined || rightVrf === undefined) return 'open';
  return isNumber(leftVrf) === isNumber(rightVrf) ? 'apart' : 'open';
}

/** Those that fit a scope: the ones of the same scope, or where there are none, all that are not told apart from it. */
export function inScope<T extends { readonly scope: string }>(items: readonly T[], scope: string): readonly T[] {
  let same = true;
  for (const item of items) if (item.scope !== scope) same = false;
  if (same) return items;
  const exact = items.filter((item) => item.scope === scope);
  if (exact.length > 0 && scope !== '') return exact;
  return items.filter((item) => matchScopes(item.scope, scope) !== 'apart');
}

function split(scope: string): [site: string, vrf: string | undefined] {
  const slash = scope.indexOf('/');
  return slash < 0 ? [scope, undefined] : [scope.slice(0, slash), scope.slice(slash + 1)];
}

function isNumber(text: string): boolean {
  return /^\d+$/u.test(text);
}
