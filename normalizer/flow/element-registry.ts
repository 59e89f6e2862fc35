import { type AbstractType, IANA_ELEMENTS } from './elements.data';
import { ENTERPRISE_ELEMENTS } from './enterprise.data';
import { REVERSE_ENTERPRISE } from './field-columns.data';

/** Name under which an element is kept, and how its bytes are to be read; without a type they are kept as hex. */
export interface ElementInfo {
  readonly name: string;
  readonly type: AbstractType | undefined;
}

const ELEMENTS = new Map<number, ElementInfo>();
for (const [id, name, type] of IANA_ELEMENTS) ELEMENTS.set(id, { name, type });
for (const [enterprise, rows] of ENTERPRISE_ELEMENTS) {
  for (const [id, name, type] of rows) ELEMENTS.set(enterprise * 0x1_0000 + id, { name, type });
}

/** What is known of an element. An unknown one is named `enterprise/element`, a reverse one (RFC 5103) `reverse` and its name. */
export function elementOf(enterprise: number, element: number): ElementInfo {
  const known = ELEMENTS.get(enterprise * 0x1_0000 + element);
  if (known !== undefined) return known;
  if (enterprise === REVERSE_ENTERPRISE) {
    const forward = ELEMENTS.get(element);
    if (forward !== undefined) return { name: reverseName(forward.name), type: forward.type };
  }
  return { name: `${enterprise}/${element}`, type: undefined };
}

function reverseName(name: string): string {
  return `reverse${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
