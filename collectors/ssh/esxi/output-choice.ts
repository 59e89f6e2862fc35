import type { SshOutput } from '../ssh-record';

type EsxcliOutput = Extract<SshOutput, 'json' | 'csv' | 'xml' | 'table'>;

/** From the best to the last resort; JSON is not to be had of 6.x. */
const OUTPUTS: readonly EsxcliOutput[] = ['json', 'csv', 'xml', 'table'];
const OLD_OUTPUTS: readonly EsxcliOutput[] = ['csv', 'xml', 'table'];

/** In which form each esxcli command is asked to write: the first that the version offers, and for each command works. */
export class OutputChoice {
  #outputs = OLD_OUTPUTS;
  readonly #chosen = new Map<string, number>();

  /** The version decides; commands begin with their best form again when it changed. 0: not known. */
  setMajor(major: number): void {
    const outputs = major >= 7 ? OUTPUTS : OLD_OUTPUTS;
    if (outputs === this.#outputs) return;
    this.#outputs = outputs;
    this.#chosen.clear();
  }

  of(command: string): EsxcliOutput {
    return this.#outputs[this.#chosen.get(command) ?? 0]!;
  }

  /** The form does not work for this command. False when there is none left; then it begins with the best one next time. */
  next(command: string): boolean {
    const next = (this.#chosen.get(command) ?? 0) + 1;
    if (next >= this.#outputs.length) {
      this.#chosen.delete(command);
      return false;
    }
    this.#chosen.set(command, next);
    return true;
  }
}
