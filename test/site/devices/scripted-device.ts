import { utils, Server, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { AddressInfo } from 'node:net';
import type { DeviceContent, DeviceFaults, DeviceScript } from './device-script';
import { ScriptedShell } from './scripted-shell';

export interface ScriptedDeviceOptions {
  readonly script: DeviceScript;
  readonly content: DeviceContent;
  readonly user?: string;
  readonly password?: string;
  readonly enablePassword?: string;
  readonly faults?: DeviceFaults;
  readonly hostKey?: string;
}

/** Every line that one device was told, as a test compares it with the allow-lists. */
export interface Received {
  readonly how: 'shell' | 'exec' | 'key' | 'password';
  readonly text: string;
}

let sharedKey: string | undefined;

/** An Ed25519 key for tests; made once. */
function testKey(): string {
  sharedKey ??= utils.generateKeyPairSync('ed25519').private;
  return sharedKey;
}

/**
 * A network device on a loopback port: an ssh2 server whose shell plays a script over the content it is given.
 *
 *     const device = await ScriptedDevice.open({ script: SCRIPTS.cisco_ios, content: CONTENTS.cisco_ios });
 *     … device.port, device.fingerprint, device.received …
 *     await device.close();
 */
export class ScriptedDevice {
  readonly received: Received[] = [];
  /** Names that logged in. */
  readonly logins: string[] = [];
  faults: DeviceFaults;
  readonly #options: ScriptedDeviceOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly hostKey: string;

  private constructor(options: ScriptedDeviceOptions) {
    this.#options = options;
    this.faults = options.faults ?? {};
    this.hostKey = options.hostKey ?? testKey();
    this.#server = new Server({ hostKeys: [this.hostKey] }, (connection) => this.#serve(connection));
  }

  static async open(options: ScriptedDeviceOptions): Promise<ScriptedDevice> {
    const device = new ScriptedDevice(options);
    await new Promise<void>((resolve) => device.#server.listen(0, '127.0.0.1', resolve));
    return device;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The public key, as it is put into known_hosts: `ssh-ed25519 AAAA…`. */
  get publicKey(): string {
    const parsed = utils.parseKey(this.hostKey);
    if (parsed instanceof Error) throw parsed;
    return `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
  }

  /** Ends all connections at once, as a reset would. */
  drop(): void {
    for (const connection of this.#connections) connection.end();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(connection: Connection): void {
    this.#connections.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => this.#connections.delete(connection));
    connection.on('authentication', (context) => this.#authenticate(context));
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (acceptPty) => acceptPty());
      session.on('shell', (acceptShell, reject) => {
        if (this.faults.noShell === true) reject();
        else this.#shell(acceptShell());
      });
      session.on('exec', (acceptExec, reject, info) => {
        if (this.#options.script.exec === true) this.#exec(acceptExec(), info.command);
        else reject();
      });
    });
  }

  #authenticate(context: AuthContext): void {
    const { user = 'ascribe', password = 'secret' } = this.#options;
    const named = context.username === user || context.username.startsWith(`${user}+`);
    if (context.method === 'password' && named && context.password === password) {
      this.logins.push(context.username);
      context.accept();
    } else context.reject(['password']);
  }

  #shell(channel: ServerChannel): void {
    const { script, content, enablePassword } = this.#options;
    new ScriptedShell(channel, {
      script,
      content,
      enablePassword,
      faults: this.faults,
      received: this.received,
    }).start();
  }

  #exec(channel: ServerChannel, line: string): void {
    this.received.push({ how: 'exec', text: line });
    const { content } = this.#options;
    if (this.faults.menu === true) {
      channel.write('*** Welcome ***\n\n 0) Logout\n 8) Shell\n\nEnter an option: ');
      channel.exit(0);
      channel.end();
      return;
    }
    const { closes, refuses } = this.faults;
    const output = content.answer(line, { privileged: true, part: '' });
    if (refuses?.test(line) === true) {
      channel.stderr.write(`${line.split(' ')[0]}: Permission denied\n`);
      channel.exit(1);
    } else if (output === undefined) {
      channel.stderr.write(`sh: ${line.split(' ')[0]}: not found\n`);
      channel.exit(127);
    } else if (closes?.line.test(line) === true) {
      channel.write(output.slice(0, closes.afterBytes));
    } else {
      channel.write(output);
      channel.exit(0);
    }
    channel.end();
  }
}
