import { compareOids, isBelow } from './oid';
import { SNMP_TAG, type IncompleteReason, type SnmpVarbind } from './snmp-record';

/** Where a walk stands in one column. */
export class WalkColumn {
  readonly root: string;
  #cursor: string;
  #done = false;
  #fault: Extract<IncompleteReason, '' | 'oid_not_increasing'> = '';
  #rows = 0;

  constructor(root: string) {
    this.root = root;
    this.#cursor = root;
  }

  /** The OID to ask the successor of. */
  get cursor(): string {
    return this.#cursor;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Why the column was left before its end. */
  get fault(): '' | 'oid_not_increasing' {
    return this.#fault;
  }

  get rows(): number {
    return this.#rows;
  }

  /**
   * Takes the next varbind of an answer; false when it is none of the column's. Order is checked before anything else:
   * an OID that does not rise would make the walk go round, wherever it points.
   */
  accepts(varbind: SnmpVarbind): boolean {
    if (this.#done) return false;
    const oid = varbind[0];
    if (varbind[1] === SNMP_TAG.endOfMibView) {
      this.#done = true;
      return false;
    }
    if (compareOids(oid, this.#cursor) <= 0) {
      this.#fault = 'oid_not_increasing';
      this.#done = true;
      return false;
    }
    if (!isBelow(this.root, oid)) {
      this.#done = true;
      return false;
    }
    this.#cursor = oid;
    this.#rows += 1;
    return true;
  }

  /** The agent said that nothing follows. */
  close(): void {
    this.#done = true;
  }
}
