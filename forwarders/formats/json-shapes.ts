import type { FieldValue } from '../contract';
import { emptyTree, plant, type Tree } from './nested';
import { wellFormed } from './well-formed';

/**
 * Records of one kind nearly always have the same names in the same order. What stands between their values in the JSON is
 * the same then: it is made once for each such list of names, by way of the tree that `plant` makes.
 */
interface Shape {
  readonly next: Map<string, Shape>;
  /** Literals and between them, by number, the values; made when a list of names first ends here. */
  template: Template | undefined;
}

interface Template {
  /** One more than `slots`. */
  readonly literals: readonly string[];
  readonly slots: readonly number[];
}

/** Names may come from devices: when so many steps are known, all are forgotten. */
const MOST_STEPS = 20_000;

/** A JSON object from dotted names and their values, as `nested` and `JSON.stringify` would make it. */
export class JsonShapes {
  #root: Shape = { next: new Map(), template: undefined };
  #steps = 0;

  /** How much is remembered. */
  get steps(): number {
    return this.#steps;
  }

  /** `values` has one for each of `names`. Of two values for one name the later one stands. */
  encode(names: readonly string[], values: readonly FieldValue[]): string {
    const { literals, slots } = this.#templateOf(names);
    let text = literals[0] ?? '';
    for (let i = 0; i < slots.length; i++) {
      text += valueText(values[slots[i] as number] as FieldValue) + (literals[i + 1] as string);
    }
    return text;
  }

  #templateOf(names: readonly string[]): Template {
    let shape = this.#root;
    for (const name of names) {
      let next = shape.next.get(name);
      if (next === undefined) {
        if (++this.#steps > MOST_STEPS) this.#forget();
        next = { next: new Map(), template: undefined };
        shape.next.set(name, next);
      }
      shape = next;
    }
    shape.template ??= templateOf(names);
    return shape.template;
  }

  #forget(): void {
    this.#root = { next: new Map(), template: undefined };
    this.#steps = 0;
  }
}

function templateOf(names: readonly string[]): Template {
  const tree = emptyTree();
  // Numbers stand for values until these are known.
  for (const [slot, name] of names.entries()) plant(tree, name.split('.'), slot);
  const literals = [''];
  const slots: number[] = [];
  const literal = (text: string): void => {
    literals.push(`${literals.pop() ?? ''}${text}`);
  };
  const write = (object: Tree): void => {
    literal('{');
    for (const [i, [name, value]] of Object.entries(object).entries()) {
      literal(`${i === 0 ? '' : ','}${JSON.stringify(name)}:`);
      if (typeof value === 'number') {
        slots.push(value);
        literals.push('');
      } else write(value as Tree);
    }
    literal('}');
  };
  write(tree);
  return { literals, slots };
}

/** Text that JSON writes as it is: ASCII without controls, quotes and backslashes. */
const PLAIN = /^[ !#-[\]-~]*$/u;

function valueText(value: FieldValue): string {
  switch (typeof value) {
    case 'string':
      return PLAIN.test(value) ? `"${value}"` : JSON.stringify(wellFormed(value));
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return JSON.stringify(value.map(wellFormed));
    case 'undefined':
    case 'function':
    case 'symbol':
      return 'null';
  }
}
