import { lookup } from 'node:dns/promises';
import type { Emit, RawOrigin } from '../../contract';
import { endpointText } from '../../udp/peer-address';
import { AgentSession } from '../adapter/agent-session';
import type { SharedSockets } from '../adapter/shared-sockets';
import { SnmpRequestError } from '../adapter/snmp-errors';
import { AnswerSize } from '../answer-size';
import { credentialFor, resolveCredential } from '../credentials';
import type { SnmpEvent } from '../snmp-events';
import { encodeSnmpRecord, type IncompleteReason } from '../snmp-record';
import type { DeviceSettings, SnmpSettings } from '../snmp-settings';
import { readTable, type TableRead } from '../walk';
import { Breaker } from '../../polling/breaker';
import { DeviceChanges } from './device-changes';
import { planOf, type PlannedTable } from './device-plan';
import { VLAN_TABLE } from './device-plans.data';
import { vlanContexts } from './device-vlans';
import type { RecordOutlet } from '../../polling/record-outlet';
import { TableSchedule } from './table-schedule';

/** What devices share. */
export interface PollingGround {
  readonly settings: SnmpSettings;
  readonly sockets: SharedSockets;
  readonly outlet: RecordOutlet;
  readonly emit: Emit<SnmpEvent>;
  /** Epoch milliseconds, for records. */
  readonly now: () => number;
  /** Milliseconds that only go forward, for schedules. */
  readonly clock: () => number;
}

/** One device's figures for `status`. Times are epoch milliseconds. */
export interface DeviceStatus {
  readonly device: string;
  readonly state: 'new' | 'answering' | 'silent' | 'unusable';
  readonly lastAnswerAt: number | undefined;
  readonly lastVisitAt: number | undefined;
  /** Visits without an answer in a row. */
  readonly failures: number;
  readonly reason: IncompleteReason;
  readonly detail: string;
  readonly tablesComplete: number;
  readonly tablesIncomplete: number;
  /** Tables read incompletely last time. */
  readonly incomplete: readonly string[];
  /** Tables planned that were empty whenever they were read lately. */
  readonly absent: readonly string[];
  readonly engineId: string;
}

const UP_TIME = '1.3.6.1.2.1.1.3.0';

/** How a visit went so far. */
interface Visit {
  answered: boolean;
  reason: IncompleteReason;
  detail: string;
}

/** One device: when it is due, how it is spoken to, what it answered. Visits must not overlap. */
export class PolledDevice {
  readonly name: string;
  readonly #settings: DeviceSettings;
  readonly #ground: PollingGround;
  readonly #plan: readonly PlannedTable[];
  readonly #schedule: TableSchedule;
  readonly #breaker: Breaker;
  readonly #size = new AnswerSize();
  readonly #changes = new DeviceChanges();
  readonly #incomplete = new Set<string>();
  #vlans: readonly string[] = [];
  #session: AgentSession | undefined;
  #origin: RawOrigin | undefined;
  #retryAt = 0;
  #unusable = false;
  #lastAnswerAt: number | undefined;
  #lastVisitAt: number | undefined;
  #reason: IncompleteReason = '';
  #detail = '';
  #tablesComplete = 0;
  #tablesIncomplete = 0;

  constructor(settings: DeviceSettings, ground: PollingGround) {
    this.name = settings.name;
    this.#settings = settings;
    this.#ground = ground;
    this.#plan = planOf(settings.deviceClass, settings.periods);
    this.#schedule = new TableSchedule(settings.name, this.#plan, ground.clock(), ground.settings.limits.startSpreadMs);
    this.#breaker = new Breaker(settings.name);
  }

  /** When the next visit is due, by `clock`. */
  get due(): number {
    return this.#breaker.open ? this.#retryAt : this.#schedule.next;
  }

  /** Whether it belongs to the lane of devices that did not answer last time. */
  get silent(): boolean {
    return this.#breaker.open;
  }

  /** Reads what is due, or, when the device was silent, tries whether it answers again. Never rejects. */
  async visit(signal: AbortSignal): Promise<void> {
    const visit: Visit = { answered: false, reason: '', detail: '' };
    this.#lastVisitAt = this.#ground.now();
    try {
      const session = await this.#open();
      if (this.#breaker.open) await this.#probe(session, visit, signal);
      else await this.#readDue(session, visit, signal);
    } catch (error) {
      this.#note(visit, error);
    }
    if (!signal.aborted) this.#settle(visit);
  }

  /** Lets go of the session. */
  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  status(): DeviceStatus {
    return {
      device: this.name,
      state: this.#state(),
      lastAnswerAt: this.#lastAnswerAt,
      lastVisitAt: this.#lastVisitAt,
      failures: this.#breaker.failures,
      reason: this.#reason,
      detail: this.#detail,
      tablesComplete: this.#tablesComplete,
      tablesIncomplete: this.#tablesIncomplete,
      incomplete: [...this.#incomplete],
      absent: this.#schedule.absent(),
      engineId: this.#session?.engineId ?? '',
    };
  }

  #state(): DeviceStatus['state'] {
    if (this.#unusable) return 'unusable';
    if (this.#breaker.open) return 'silent';
    return this.#lastAnswerAt === undefined ? 'new' : 'answering';
  }

  /** Resolves the name and the credential anew after a failure: both may have been what failed. */
  async #open(): Promise<AgentSession> {
    if (this.#session !== undefined) return this.#session;
    const { settings, sockets } = this.#ground;
    const { address: name, port, timeoutMs, retries } = this.#settings;
    const { address } = await lookup(name);
    const credential = resolveCredential(
      credentialFor(this.#settings, address, settings.credentials),
      settings.secrets,
    );
    this.#origin = { collector: 'snmp', source: this.name, peer: endpointText(address, port), format: 'snmp' };
    this.#session = new AgentSession({ address, port, credential, timeoutMs, retries }, sockets);
    return this.#session;
  }

  async #probe(session: AgentSession, visit: Visit, signal: AbortSignal): Promise<void> {
    try {
      await session.get([UP_TIME], { context: '', signal });
      visit.answered = true;
    } catch (error) {
      // An agent that has no sysUpTime, or does not show it, is there all the same.
      visit.answered = error instanceof SnmpRequestError && error.reason === 'agent_error';
      if (!visit.answered) throw error;
    }
  }

  async #readDue(session: AgentSession, visit: Visit, signal: AbortSignal): Promise<void> {
    for (const table of this.#schedule.due(this.#ground.clock())) {
      let rows = 0;
      let complete = true;
      let changed: ReadonlySet<string> = new Set();
      for (const context of this.#contexts(table)) {
        const read = await this.#read(session, table, context, visit, signal);
        if (signal.aborted) return;
        rows += read.varbinds.length;
        complete &&= read.complete;
        if (read.complete) changed = this.#changes.after(table, read.varbinds, this.#plan);
        // Some tables silence an agent that answers everything else, so a small request tells whether it is gone.
        if (!read.answered) await this.#probe(session, visit, signal);
      }
      this.#schedule.read(table.name, this.#ground.clock(), complete && rows === 0);
      this.#schedule.hasten(changed, this.#ground.clock());
    }
  }

  #contexts(table: PlannedTable): readonly string[] {
    if (table.perVlan !== true) return [''];
    return ['', ...new Set([...this.#settings.contexts, ...this.#vlans])];
  }

  async #read(
    session: AgentSession,
    table: PlannedTable,
    context: string,
    visit: Visit,
    signal: AbortSignal,
  ): Promise<TableRead> {
    const { limits } = this.#ground.settings;
    const startedAt = this.#ground.now();
    const rowCap = Math.min(limits.rowCap, table.rowCap ?? limits.rowCap);
    const { maxRepetitions, byteCap, tableDeadlineMs: deadlineMs } = limits;
    const bounds = { context, maxRepetitions, rowCap, byteCap, deadlineMs, alive: visit.answered, signal };
    const read = await readTable(session, table.roots, bounds, this.#size);
    if (read.answered) visit.answered = true;
    if (read.complete && table.name === VLAN_TABLE) this.#vlans = vlanContexts(read.varbinds);
    if (read.reason !== 'cancelled') await this.#deliver(session, table, context, read, startedAt, signal);
    return read;
  }

  async #deliver(
    session: AgentSession,
    table: PlannedTable,
    context: string,
    read: TableRead,
    startedAt: number,
    signal: AbortSignal,
  ): Promise<void> {
    const finishedAt = this.#ground.now();
    const { complete, reason, detail, varbinds } = read;
    const bytes = encodeSnmpRecord({
      kind: 'table',
      table: table.name,
      roots: table.roots,
      deviceClass: this.#settings.deviceClass,
      version: session.version,
      startedAt,
      finishedAt,
      complete,
      reason,
      detail,
      engineId: session.engineId,
      context,
      varbinds,
    });
    this.#count(table.name, context, read);
    const taken = await this.#ground.outlet.deliver({ origin: this.#origin!, receivedAt: finishedAt, bytes }, signal);
    const { emit } = this.#ground;
    if (!taken) emit({ kind: 'snmp_record_dropped', device: this.name, table: table.name, bytes: bytes.length });
  }

  #count(table: string, context: string, { complete, reason, detail, varbinds, answered }: TableRead): void {
    const key = context === '' ? table : `${table} ${context}`;
    if (complete) {
      this.#tablesComplete += 1;
      this.#incomplete.delete(key);
      return;
    }
    this.#tablesIncomplete += 1;
    const known = this.#incomplete.has(key);
    this.#incomplete.add(key);
    if (known || !answered) return;
    const { emit } = this.#ground;
    emit({ kind: 'snmp_table_incomplete', device: this.name, table: key, reason, detail, varbinds: varbinds.length });
  }

  #note(visit: Visit, error: unknown): void {
    if (error instanceof SnmpRequestError) {
      Object.assign(visit, { reason: error.reason, detail: error.detail });
      return;
    }
    const { code } = error as NodeJS.ErrnoException;
    Object.assign(visit, { reason: 'transport', detail: code ?? 'internal' });
    // A name that does not resolve may do so later; a secret that is missing is the operator's to find.
    const unusable = code?.startsWith('snmp_secret') === true || code === 'secret_refused';
    if (unusable && !this.#unusable) {
      this.#ground.emit({ kind: 'snmp_device_unusable', device: this.name, text: (error as Error).message });
    }
    this.#unusable = unusable;
  }

  #settle(visit: Visit): void {
    const { emit, clock, now } = this.#ground;
    if (visit.answered) {
      this.#unusable = false;
      this.#lastAnswerAt = now();
      this.#reason = '';
      this.#detail = '';
      const { failures } = this.#breaker;
      this.#breaker.answered();
      if (failures > 0) emit({ kind: 'snmp_device_answers', device: this.name, failures });
      return;
    }
    const first = !this.#breaker.open;
    this.#retryAt = clock() + this.#breaker.failed();
    this.#reason = visit.reason;
    this.#detail = visit.detail;
    this.close();
    if (first && !this.#unusable) {
      emit({ kind: 'snmp_device_silent', device: this.name, reason: visit.reason, detail: visit.detail });
    }
  }
}
