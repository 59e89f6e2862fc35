import type { ProbeFinding } from '../../contract';
import type { SshConnection } from '../adapter/ssh-connection';
import type { EsxiCommandName } from '../commands/esxi.data';
import type { CommandResult } from '../adapter/command-run';
import type { ParameterValue } from '../commands/command-parameter';
import { ESXI_LOGS, ESXI_PLAN, LOG_DIRECTORY } from './esxi-plan.data';
import { ESXI_TABLE } from './esxi-commands';
import { EsxiLogSource } from './esxi-log-source';
import { HostFacts } from './host-facts';
import { HostInventory } from './host-inventory';
import { OutputChoice } from './output-choice';

/** Asks a host everything once that it is asked later for the host as a whole, and says what it answers. Never rejects. */
export async function probeEsxi(
  name: string,
  connection: SshConnection,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  const note = (severity: ProbeFinding['severity'], text: string): void =>
    void findings.push({ severity, text: `${name}: ${text}` });
  const facts = new HostFacts({
    device: { name } as never,
    emit: (event) => {
      if (event.kind === 'ssh_limitation') note('warning', event.text);
    },
  });
  const inventory = new HostInventory();
  if (!(await facts.probe({ connection, signal, deliver: async () => true, deliverLog: async () => true }))) {
    note('error', 'does not answer its first question: is this an ESXi host?');
    return findings;
  }
  note('ok', `${facts.version ?? 'unknown version'}; its clock is ${clockText(facts.clockOffset)}`);
  const asked = await askAll(connection, signal, facts, inventory);
  note(asked.failed.length === 0 ? 'ok' : 'warning', answeredText(asked));
  const denied: string[] = [];
  const source = new EsxiLogSource({ connection, signal }, (path) => denied.push(path));
  const seen = await source.look(ESXI_LOGS.map((file) => `${LOG_DIRECTORY}/${file}`));
  const logs = [...(seen?.stats.keys() ?? [])].map((path) => path.slice(LOG_DIRECTORY.length + 1));
  note(logs.length > 0 ? 'ok' : 'warning', logs.length > 0 ? `log files: ${logs.join(', ')}` : 'no log files are seen');
  for (const file of seen?.stats.values() ?? []) await source.blocks(file, 1, 1);
  if (denied.length > 0) note('warning', `log files that this account may not read: ${denied.join(', ')}`);
  return findings;
}

interface Asked {
  readonly answered: string[];
  readonly failed: string[];
}

async function askAll(
  connection: SshConnection,
  signal: AbortSignal,
  facts: HostFacts,
  inventory: HostInventory,
): Promise<Asked> {
  const outputs = new OutputChoice();
  outputs.setMajor(facts.major);
  const asked: Asked = { answered: [], failed: [] };
  for (const { command, for: target, since = 0 } of ESXI_PLAN) {
    if (since > facts.major || signal.aborted || !connection.isOpen) continue;
    const values: Readonly<Record<string, ParameterValue>> | undefined =
      target === 'host' ? {} : target === 'netstack' ? { netstack: inventory.netstacks[0]! } : undefined;
    if (values === undefined) continue;
    const result = await askOnce(command, values, outputs, connection, signal);
    const fine = result.complete && result.exit === 0;
    (fine ? asked.answered : asked.failed).push(fine ? command : `${command} (${failureText(result)})`);
  }
  return asked;
}

async function askOnce(
  command: EsxiCommandName,
  values: Readonly<Record<string, ParameterValue>>,
  outputs: OutputChoice,
  connection: SshConnection,
  signal: AbortSignal,
): Promise<CommandResult> {
  const isEsxcli = ESXI_TABLE.specs[command].line.startsWith('esxcli ');
  for (;;) {
    const all = isEsxcli ? { ...values, formatter: outputs.of(command) } : values;
    const result = await connection.exec(ESXI_TABLE.prepare(command, all), signal);
    if (!isEsxcli || !result.complete || result.exit === 0 || !outputs.next(command)) return result;
  }
}

function failureText({ reason, exit, stderr }: CommandResult): string {
  if (reason !== '') return reason;
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `exit ${exit ?? 'unknown'}` : line.slice(0, 100);
}

function answeredText({ answered, failed }: Asked): string {
  const parts = [`answers ${answered.length} of ${answered.length + failed.length} commands`];
  if (failed.length > 0) parts.push(`not ${failed.join(', ')}`);
  return parts.join('; ');
}

function clockText(offset: number | undefined): string {
  if (offset === undefined) return 'unknown';
  return `${(Math.abs(offset) / 1000).toFixed(1)} s ${offset < 0 ? 'behind' : 'ahead of'} ours`;
}
