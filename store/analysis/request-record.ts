/** What a proxy said of one call of its own, and for whom it was. Times in epoch ms by the proxy's clock, addresses as upper-case hex. */
export interface Request {
  readonly num: number;
  readonly device: string;
  readonly parser: string;
  /** 1: one session of the proxy for this client alone; 0: the session may carry requests of others too. */
  readonly isTunnel: 0 | 1;
  readonly client: string;
  readonly clientPort: number | null;
  /** Address as canonical text, or a name in lower case where no address is told. */
  readonly called: string;
  /** Null where the line does not tell it. */
  readonly port: number | null;
  /** The proxy's own address; null where it is not told. */
  readonly via: string | null;
  /** When it was over. */
  readonly at: number;
  readonly start: number | null;
  readonly user: string | null;
  /** What the client was sent. */
  readonly bytes: number | null;
  readonly rawSeq: number;
  readonly receivedAt: number;
}
