import type { AddressInfo, Socket } from 'node:net';
import {
  Server,
  utils,
  type Algorithms,
  type AuthContext,
  type Connection,
  type ServerChannel,
  type Session,
} from 'ssh2';

/** How the server treats logins. */
export interface LoginRules {
  readonly user: string;
  readonly password?: string;
  /** Public keys in the form of authorized_keys, without options. */
  readonly authorizedKeys?: readonly string[];
  /** What is offered; ESXi offers publickey and keyboard-interactive. */
  readonly methods?: readonly ('publickey' | 'keyboard-interactive' | 'password')[];
  /** The first question of keyboard-interactive. */
  readonly prompt?: string;
  /** The password has expired: after it a second question asks for a new one. */
  readonly expired?: boolean;
  /** Nobody gets in; the banner says so when `lockdown`. */
  readonly refuse?: boolean;
  /** Logins after which the account is locked. */
  readonly lockAfter?: number;
}

export interface FaultServerOptions {
  readonly login: LoginRules;
  /** Private host keys, PEM or OpenSSH; made anew when absent. */
  readonly hostKeys?: readonly string[];
  readonly banner?: string;
  readonly ident?: string;
  /** What is offered in place of the library's own choice. */
  readonly algorithms?: Algorithms;
  /** Sessions on one connection; further channels are refused. */
  readonly maxSessions?: number;
  /** Connections that are let in; further ones are closed at once. */
  readonly maxConnections?: number;
  /** Runs a command. What it does not end stays open. */
  readonly exec: (line: string, channel: ServerChannel, connection: Connection) => void;
  /** Told of each login, and from where. */
  readonly loggedIn?: (user: string, address: string, port: number) => void;
  /** Runs a shell; refused when absent. */
  readonly shell?: (channel: ServerChannel, connection: Connection) => void;
}

/** What the server saw. */
export interface FaultServerLog {
  /** Every command, in the order of arrival. */
  readonly commands: string[];
  /** Everything else a client asked for: `sftp`, `pty`, `env LANG`, `forward`. */
  readonly requests: string[];
  /** Answers to questions and passwords that were sent. */
  readonly answers: string[];
  connections: number;
  /** Credentials that were tried; `none` is not one. */
  attempts: number;
  failures: number;
}

/** An ECDSA host key in OpenSSH's form: quick to make. */
export function newHostKey(): string {
  return utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
}

/** An SSH server on loopback whose every misbehaviour is chosen by the test. */
export class FaultSshServer {
  readonly log: FaultServerLog = { commands: [], requests: [], answers: [], connections: 0, attempts: 0, failures: 0 };
  /** Options may be changed while it runs; what is open keeps the ones it began with where it copied them. */
  options: FaultServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<Connection>();
  readonly #hostKeys: readonly string[];
  #server: Server | undefined;
  #port = 0;

  constructor(options: FaultServerOptions) {
    this.options = options;
    this.#hostKeys = options.hostKeys ?? [newHostKey()];
  }

  get port(): number {
    return this.#port;
  }

  /** Private host keys, for a server that is to be taken for this one. */
  get hostKeys(): readonly string[] {
    return this.#hostKeys;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#open.size;
  }

  /** Listens on loopback; the same port again after `stop`. */
  async start(): Promise<this> {
    const { banner, algorithms, ident = 'OpenSSH_8.8' } = this.options;
    const server = new Server(
      {
        hostKeys: [...this.#hostKeys],
        ident,
        ...(banner !== undefined && { banner }),
        ...(algorithms !== undefined && { algorithms }),
      },
      (connection, { ip, port: from }) => this.#accept(connection, ip, from),
    );
    // ssh2's server has the events of net.Server, where the sockets are.
    (server as unknown as { _srv: { on(event: 'connection', listener: (socket: Socket) => void): void } })._srv.on(
      'connection',
      (socket) => {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.once('close', () => this.#sockets.delete(socket));
        if (this.#sockets.size > (this.options.maxConnections ?? Infinity)) socket.destroy();
      },
    );
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Closes the port; what is connected stays, as when ESXi stops TSM-SSH by its timeout. */
  async refuseNew(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => void (server.close(() => resolve()), resolve()));
  }

  /** Cuts every connection without a goodbye. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Stops answering, as if the device hung: the sockets stay open. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  async stop(): Promise<void> {
    await this.refuseNew();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(connection: Connection, address: string, port: number): void {
    this.log.connections += 1;
    let user = '';
    this.#open.add(connection);
    connection.on('error', () => undefined);
    connection.once('close', () => this.#open.delete(connection));
    connection.on('authentication', (context) => {
      user = context.username;
      this.#authenticate(context);
    });
    connection.once('ready', () => this.options.loggedIn?.(user, address, port));
    connection.on('request', (_accept, reject, name) => {
      // Keepalives ask and want no more than an answer.
      if (!name.startsWith('keepalive')) this.log.requests.push(name);
      reject?.();
    });
    connection.on('tcpip', (_accept, reject) => {
      this.log.requests.push('forward');
      reject();
    });
    let sessions = 0;
    connection.on('session', (accept, reject) => {
      if (sessions >= (this.options.maxSessions ?? 10)) {
        reject();
        return;
      }
      sessions += 1;
      const session = accept();
      session.once('close', () => (sessions -= 1));
      this.#serve(session, connection);
    });
  }

  #serve(session: Session, connection: Connection): void {
    const note = (what: string): void => void this.log.requests.push(what);
    session.on('exec', (accept, _reject, info) => {
      this.log.commands.push(info.command);
      const channel = accept();
      channel.on('error', () => undefined);
      this.options.exec(info.command, channel, connection);
    });
    session.on('pty', (accept) => {
      note('pty');
      accept?.();
    });
    session.on('env', (_accept, reject, { key }) => {
      note(`env ${key}`);
      reject?.();
    });
    session.on('sftp', (_accept, reject) => {
      note('sftp');
      reject();
    });
    session.on('shell', (accept, reject) => {
      note('shell');
      const { shell } = this.options;
      if (shell === undefined) reject();
      else shell(accept(), connection);
    });
  }

  #authenticate(context: AuthContext): void {
    const { login } = this.options;
    const { methods = ['publickey', 'keyboard-interactive'], lockAfter = Infinity } = login;
    const refuse = (): void => {
      this.log.failures += 1;
      context.reject([...methods]);
    };
    if (context.method === 'none') {
      context.reject([...methods]);
      return;
    }
    if (!methods.includes(context.method as 'password')) return context.reject([...methods]);
    if (context.method !== 'publickey' || context.signature !== undefined) this.log.attempts += 1;
    if (login.refuse === true || context.username !== login.user || this.log.failures >= lockAfter) return refuse();
    switch (context.method) {
      case 'password':
        this.log.answers.push(context.password);
        if (context.password === login.password) context.accept();
        else refuse();
        return;
      case 'publickey': {
        const { key } = context;
        const known = (login.authorizedKeys ?? [])
          .map((line) => utils.parseKey(line))
          .find((one) => !(one instanceof Error) && one.getPublicSSH().equals(key.data));
        if (known === undefined || known instanceof Error) refuse();
        else if (context.signature === undefined || context.blob === undefined) context.accept();
        else if (known.verify(context.blob, context.signature, context.hashAlgo)) context.accept();
        else refuse();
        return;
      }
      case 'keyboard-interactive':
        context.prompt([{ prompt: login.prompt ?? 'Password: ', echo: false }], (answers) => {
          this.log.answers.push(...answers);
          if (answers[0] !== login.password) refuse();
          else if (login.expired === true) this.#askNew(context, refuse);
          else context.accept();
        });
        return;
      case 'hostbased':
        refuse();
    }
  }

  #askNew(context: Extract<AuthContext, { method: 'keyboard-interactive' }>, refuse: () => void): void {
    const text = 'You are required to change your password immediately (password expired).';
    context.prompt([{ prompt: 'New password: ', echo: false }], '', text, (answers) => {
      this.log.answers.push(...answers);
      refuse();
    });
  }
}

/** Ends a channel as a command does that printed something and exited. */
export function finish(channel: ServerChannel, stdout: string | Buffer, exit = 0, stderr = ''): void {
  if (stderr !== '') channel.stderr.write(stderr);
  channel.write(stdout, () => {
    channel.exit(exit);
    channel.end();
  });
}
