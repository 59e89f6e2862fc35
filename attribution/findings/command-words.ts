import { isIP } from 'node:net';

/**
 * Commands are compared by words, not by patterns that a hostile text could make slow: lower case, one blank between words, quotes,
 * brackets and what ends the scheme of a URL away. A phrase may stand anywhere; `a … b` asks for both in this order.
 */
export class CommandWords {
  readonly #text: string;

  constructor(command: string) {
    this.#text = ` ${command
      .slice(0, MOST)
      .toLowerCase()
      .replaceAll(/["'`()[\]{};,]/g, ' ')
      .replaceAll(/:(?:\/\/|\s|$)/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()} `;
  }

  /** The first phrase that the command holds. */
  findFirst(phrases: readonly string[]): string | undefined {
    return phrases.find((phrase) => this.holds(phrase));
  }

  holds(phrase: string): boolean {
    let at = 0;
    for (const part of phrase.split(' … ')) {
      const found = this.#text.indexOf(` ${part} `, at);
      if (found < 0) return false;
      at = found + part.length + 1;
    }
    return true;
  }

  /** Addresses of hosts in it: masks and wildcards of networks are none. */
  hosts(): string[] {
    return this.#text.split(' ').filter((word) => isIP(word) !== 0 && !/^(?:0\.|255\.)/.test(word));
  }

  /** Numbers that stand behind a word. */
  portsBehind(word: string): number[] {
    const words = this.#text.split(' ');
    return words.flatMap((each, i) =>
      each === word && /^\d{1,5}$/.test(words[i + 1] ?? '') ? [Number(words[i + 1])] : [],
    );
  }

  /** Whether the text stands in it, word or not. */
  includes(text: string): boolean {
    return this.#text.includes(text.toLowerCase());
  }
}

const MOST = 4096;
