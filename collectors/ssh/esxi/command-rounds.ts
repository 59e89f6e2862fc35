import type { CommandResult } from '../adapter/command-run';
import type { PreparedCommand } from '../commands/command-table';
import type { EsxiCommandName } from '../commands/esxi.data';
import type { ParameterValue } from '../commands/command-parameter';
import type { WorkGround, WorkSession } from '../poller/device-work';
import type { SshIncompleteReason } from '../ssh-record';
import { CommandSchedule } from './command-schedule';
import { ESXI_PLAN, type PlannedCommand } from './esxi-plan.data';
import { ESXI_TABLE } from './esxi-commands';
import type { HostFacts } from './host-facts';
import type { HostInventory } from './host-inventory';
import { OutputChoice } from './output-choice';

/** VMs whose guest is asked for in one command: each takes about a second on the host. */
const GUESTS_AT_ONCE = 32;

/** Runs the commands that are due, one at a time: a host has better things to do than to answer us. */
export class CommandRounds {
  readonly #ground: WorkGround;
  readonly #inventory: HostInventory;
  readonly #facts: HostFacts;
  readonly #schedule: CommandSchedule;
  readonly #outputs = new OutputChoice();
  readonly #incomplete = new Set<string>();
  #running: Promise<void> | undefined;
  #complete = 0;
  #failed = 0;

  constructor(ground: WorkGround, inventory: HostInventory, facts: HostFacts) {
    this.#ground = ground;
    this.#inventory = inventory;
    this.#facts = facts;
    const { name, periods } = ground.device;
    this.#schedule = new CommandSchedule(name, ESXI_PLAN, periods, ground.clock());
  }

  /** When the next command is due; Infinity while commands run, for then the next one follows by itself. */
  get due(): number {
    return this.#running === undefined ? this.#schedule.next : Infinity;
  }

  get counts(): { readonly complete: number; readonly incomplete: number } {
    return { complete: this.#complete, incomplete: this.#failed };
  }

  /** Commands that this host does not seem to have. */
  get absent(): readonly string[] {
    return this.#schedule.absent;
  }

  /** Resolves when no command runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Runs what is due beside whatever else is read. Returns at once. */
  begin(session: WorkSession): void {
    if (this.#running !== undefined) return;
    this.#running = this.#run(session).finally(() => (this.#running = undefined));
  }

  hasten(commands: readonly EsxiCommandName[]): void {
    for (const command of commands) this.#schedule.hasten(command, this.#ground.clock());
  }

  async #run(session: WorkSession): Promise<void> {
    const { clock, turn } = this.#ground;
    this.#outputs.setMajor(this.#facts.major);
    while (session.connection.isOpen && !session.signal.aborted) {
      const planned = this.#schedule.due(clock(), this.#facts.major);
      if (planned === undefined) return;
      const failed = await turn(async () => await this.#runEach(planned, session));
      if (!session.connection.isOpen || session.signal.aborted) return;
      this.#schedule.ran(planned.command, clock(), failed);
    }
  }

  /** True when it failed for everything it was run for. */
  async #runEach({ command, for: target }: PlannedCommand, session: WorkSession): Promise<boolean> {
    const targets = this.#targets(target);
    let worked = targets.length === 0;
    for (const values of targets) {
      worked = (await this.#ask(command, values, session)) || worked;
      if (!session.connection.isOpen || session.signal.aborted) return false;
    }
    return !worked;
  }

  #targets(target: PlannedCommand['for']): readonly Readonly<Record<string, ParameterValue>>[] {
    const { netstacks, worlds, vmids, vmxFiles } = this.#inventory;
    switch (target) {
      case 'host':
        return [{}];
      case 'netstack':
        return netstacks.map((netstack) => ({ netstack }));
      case 'world':
        return worlds.map((world) => ({ world }));
      case 'vms': {
        const groups: { vmids: readonly number[] }[] = [];
        for (let at = 0; at < vmids.length; at += GUESTS_AT_ONCE) {
          groups.push({ vmids: vmids.slice(at, at + GUESTS_AT_ONCE) });
        }
        return groups;
      }
      case 'vmx':
        return vmxFiles.map((path) => ({ path }));
    }
  }

  /** Asks in the best form, then in the others where the host does not write that one. True when it was answered. */
  async #ask(
    command: EsxiCommandName,
    values: Readonly<Record<string, ParameterValue>>,
    session: WorkSession,
  ): Promise<boolean> {
    const isEsxcli = ESXI_TABLE.specs[command].line.startsWith('esxcli ');
    for (;;) {
      const all = isEsxcli ? { ...values, formatter: this.#outputs.of(command) } : values;
      const prepared = ESXI_TABLE.prepare(command, all);
      const result = await session.connection.exec(prepared, session.signal);
      if (result.reason === 'cancelled') return false;
      const refused = result.complete && result.exit !== 0;
      if (refused && isEsxcli && this.#outputs.next(command)) continue;
      await this.#take(prepared, result, session);
      return result.complete && !refused;
    }
  }

  async #take(prepared: PreparedCommand, result: CommandResult, session: WorkSession): Promise<void> {
    this.#count(prepared.command, result);
    if (this.#inventory.note(prepared, result)) {
      this.hasten(['vm_port_list', 'net_stats', 'all_vms', 'guest_info', 'vmx_file']);
    }
    const { clockOffset, version } = this.#facts;
    await session.deliver(prepared, result, { clockOffset, version });
  }

  #count(command: string, { complete, reason, exit, stderr }: CommandResult): void {
    if (complete) {
      this.#complete += 1;
      this.#incomplete.delete(command);
      return;
    }
    this.#failed += 1;
    const known = this.#incomplete.has(command);
    this.#incomplete.add(command);
    if (known || LOST.has(reason)) return;
    const { emit, device } = this.#ground;
    const text = stderr.slice(0, 200);
    emit({ kind: 'ssh_command_incomplete', device: device.name, command, reason, exit, text });
  }
}

/** The connection's own fate is told by its own events. */
const LOST: ReadonlySet<SshIncompleteReason> = new Set(['disconnected', 'cancelled']);
