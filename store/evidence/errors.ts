/** A pack cannot be made: what was asked for is not there, or the journal does not prove itself. */
export class EvidenceError extends Error {
  constructor(
    readonly code: 'evidence_too_large' | 'evidence_journal' | 'evidence_custody',
    message: string,
  ) {
    super(message);
    this.name = 'EvidenceError';
  }
}
