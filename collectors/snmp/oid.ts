/**
 * Order of two dotted OIDs without leading zeros, arc by arc as numbers: negative, zero or positive. Works on the text
 * so that a walk of a large table splits nothing.
 */
export function compareOids(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  let at = 0;
  while (at < shared && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at === left.length && at === right.length) return 0;
  // Both arcs begin at the same place, so the longer one is the greater number, and the first other digit decides else.
  const leftEnd = arcEnd(left, at);
  const rightEnd = arcEnd(right, at);
  if (leftEnd !== rightEnd) return leftEnd - rightEnd;
  if (at === leftEnd) return left.length - right.length;
  return left.charCodeAt(at) - right.charCodeAt(at);
}

/** Whether an OID lies below a root; the root itself does not. */
export function isBelow(root: string, oid: string): boolean {
  return oid.length > root.length && oid.charCodeAt(root.length) === DOT && oid.startsWith(root);
}

const DOT = 0x2e;

function arcEnd(text: string, from: number): number {
  const dot = text.indexOf('.', from);
  return dot === -1 ? text.length : dot;
}
