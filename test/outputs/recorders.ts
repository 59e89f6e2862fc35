import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP receiver that keeps every byte, and says what a test wants it to say. */
export class Recorder {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #bytes: Buffer[] = [];

  /** `greeting` is sent first; `answer` is made of each piece of bytes. */
  constructor(greeting: string, answer: (bytes: Buffer) => string) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.write(greeting);
      socket.on('data', (bytes) => {
        this.#bytes.push(bytes);
        socket.write(answer(bytes));
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get received(): string {
    return Buffer.concat(this.#bytes).toString('latin1');
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
