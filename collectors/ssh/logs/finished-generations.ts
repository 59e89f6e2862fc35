import { isBeginning } from './generation';

/** How a generation begins: the length of its beginning that was hashed, and its name. */
export interface GenerationBeginning {
  readonly length: number;
  readonly name: string;
}

const MOST_FINISHED = 16;

/** The generations of one file that were read to their end last. */
export class FinishedGenerations {
  readonly #beginnings: GenerationBeginning[] = [];

  get last(): GenerationBeginning | undefined {
    return this.#beginnings.at(-1);
  }

  add(beginning: GenerationBeginning): void {
    this.#beginnings.push(beginning);
    if (this.#beginnings.length > MOST_FINISHED) this.#beginnings.shift();
  }

  /** Whether one of them begins like this. */
  has(head: Buffer): boolean {
    return this.#beginnings.some(({ length, name }) => isBeginning(head, length, name));
  }
}
