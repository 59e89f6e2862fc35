/**
 * Every regular expression of `normalizer/syslog`, vendors included, is made by `pattern`, at the top level of its file:
 *
 *     const BUILT = pattern('asa_built', /^%ASA-\d-30201[35]: Built (inbound|outbound) (TCP|UDP) connection (\d+) /);
 *
 * so that one list holds them all and one test (`test/normalizer/syslog/patterns.test.ts`) proves each of them safe
 * against catastrophic backtracking. Rules, checked when the module loads or by that test:
 *
 * - the name is unique; prefix it with the vendor;
 * - anchored: it begins with `^`, or has the `y` flag (set `lastIndex` before each use); no alternative at the top level
 *   escapes the anchor (`^(?:a|b)`, not `^a|b`);
 * - no `g` flag (it carries state from one message to the next);
 * - where the text holds free parts (user names, rule names), bound them by a class that excludes the delimiter and by
 *   a length (`[^)]{1,256}`): `.*` twice in one expression is quadratic at best.
 *
 * No literal regular expression elsewhere, none made from input.
 */
const listed = new Map<string, RegExp>();

/** Lists a regular expression and returns it. Throws `TypeError` for a name used twice, a `g` flag or a missing anchor. */
export function pattern(name: string, expression: RegExp): RegExp {
  if (listed.has(name)) throw new TypeError(`pattern ${name} is defined twice`);
  if (expression.global) throw new TypeError(`pattern ${name} has the g flag`);
  if (!expression.sticky && !expression.source.startsWith('^')) throw new TypeError(`pattern ${name} is not anchored`);
  listed.set(name, expression);
  return expression;
}

/** All patterns of the modules loaded so far, by name. */
export function listedPatterns(): ReadonlyMap<string, RegExp> {
  return listed;
}
