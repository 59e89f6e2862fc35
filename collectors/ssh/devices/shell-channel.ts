/** An interactive shell of a device: bytes both ways. What is behind it is the connection's. */
export interface ShellChannel {
  /** Sends text; does nothing once the channel is closed. */
  send(text: string): void;
  /** Sets who is told of what comes; called once. The bytes stay valid. */
  listen(listener: ShellListener): void;
  /** Ends the channel; safe to call twice. */
  close(): void;
}

export interface ShellListener {
  onData(bytes: Uint8Array): void;
  /** Once, when nothing comes any more. */
  onClose(): void;
}

/** What a single command without a terminal gave. */
export interface ExecResult {
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly exit: number | null;
  readonly signal: string;
  readonly reason: '' | 'timeout' | 'byte_cap' | 'no_exit' | 'channel_refused' | 'disconnected' | 'cancelled';
}

export interface ExecBounds {
  readonly timeoutMs: number;
  readonly byteCap: number;
  readonly signal: AbortSignal;
}

/** What is asked of a connection to a device. */
export interface DeviceConnection {
  /** Opens a shell with a terminal. Rejects with a coded error. */
  shell(): Promise<ShellChannel>;
  /** Runs one command without a terminal. Never rejects. */
  exec(line: string, bounds: ExecBounds): Promise<ExecResult>;
}
