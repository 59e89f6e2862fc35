import { lookup } from 'node:dns/promises';
import type { ProbeFinding } from '../contract';
import { endpointText } from '../udp/peer-address';
import { AgentSession } from './adapter/agent-session';
import { SharedSockets } from './adapter/shared-sockets';
import { credentialFor, resolveCredential } from './credentials';
import { planOf } from './poller/device-plan';
import { Lane } from '../polling/lane';
import { trapReceiverSettings } from './snmp-collector';
import type { DeviceSettings, SnmpSettings } from './snmp-settings';
import { TrapReceiver } from './traps/trap-receiver';
import { desAvailable } from './usm/usm-protocols';
import { readTable, type WalkEnd } from './walk';

/**
 * Asks every device for the first row of every table of its plan and says what it answers and what it does not; opens
 * the trap listeners and closes them. Changes nothing, leaves nothing open, never rejects.
 */
export async function probeSnmp(settings: SnmpSettings, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [...desFindings(settings), ...(await probeTraps(settings))];
  const sockets = new SharedSockets(settings.limits.receiveBufferBytes);
  try {
    await sockets.open();
    const lane = new Lane(settings.limits.concurrency);
    const found = settings.devices.map(
      (device) =>
        new Promise<ProbeFinding>((resolve) => {
          lane.add(async () => resolve(await probeDevice(device, settings, sockets, signal)));
        }),
    );
    findings.push(...(await Promise.all(found)));
  } catch (error) {
    findings.push({ severity: 'error', text: `SNMP: ${(error as Error).message}` });
  } finally {
    await sockets.close();
  }
  return findings;
}

function desFindings({ credentials }: SnmpSettings): readonly ProbeFinding[] {
  if (desAvailable()) return [];
  return credentials.flatMap((credential): ProbeFinding[] => {
    if (credential.version !== 'v3' || credential.priv?.protocol !== 'des') return [];
    const text = `credential ${credential.name}: this Node has no DES; use aes, or start with NODE_OPTIONS=--openssl-legacy-provider`;
    return [{ severity: 'error', text }];
  });
}

async function probeTraps(settings: SnmpSettings): Promise<readonly ProbeFinding[]> {
  const { traps } = settings;
  if (traps === undefined) return [];
  const findings: ProbeFinding[] = [];
  let receiver: TrapReceiver | undefined;
  try {
    receiver = new TrapReceiver(trapReceiverSettings(settings, traps, Date.now), {
      offer: (batch) => batch.length,
      emit: (event) => {
        if (event.kind === 'udp_listening') findings.push({ severity: 'ok', text: `${event.listener} can be opened` });
      },
      now: Date.now,
    });
    await receiver.start();
  } catch (error) {
    findings.push({ severity: 'error', text: `traps: ${(error as Error).message}` });
  } finally {
    await receiver?.stop();
  }
  return findings;
}

async function probeDevice(
  device: DeviceSettings,
  settings: SnmpSettings,
  sockets: SharedSockets,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  let session: AgentSession | undefined;
  try {
    const { address } = await lookup(device.address);
    const credential = resolveCredential(credentialFor(device, address, settings.credentials), settings.secrets);
    const { port, timeoutMs, retries } = device;
    session = new AgentSession({ address, port, credential, timeoutMs, retries }, sockets);
    const shown = `${device.name} (${endpointText(address, port)}, ${session.version})`;
    return await probeTables(shown, device, session, signal);
  } catch (error) {
    return { severity: 'error', text: `${device.name}: ${(error as Error).message}` };
  } finally {
    session?.close();
  }
}

async function probeTables(
  shown: string,
  device: DeviceSettings,
  session: AgentSession,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const there: string[] = [];
  const absent: string[] = [];
  const failed: string[] = [];
  for (const { name, roots } of planOf(device.deviceClass, device.periods)) {
    const bounds = { context: '', maxRepetitions: 1, rowCap: 1, byteCap: 65_536, deadlineMs: 30_000, signal };
    const read = await readTable(session, roots, bounds);
    if (read.varbinds.length > 0) there.push(name);
    else if (read.complete) absent.push(name);
    else if (there.length + absent.length === 0) return { severity: 'error', text: `${shown}: ${reasonText(read)}` };
    else failed.push(`${name} (${reasonText(read)})`);
  }
  const parts = [`answers ${there.length === 0 ? 'nothing of its plan' : there.join(', ')}`];
  if (absent.length > 0) parts.push(`has no ${absent.join(', ')}`);
  if (failed.length > 0) parts.push(`fails on ${failed.join(', ')}`);
  const fine = failed.length === 0 && there.length > 0;
  return { severity: fine ? 'ok' : 'warning', text: `${shown}: ${parts.join('; ')}` };
}

function reasonText({ reason, detail }: WalkEnd): string {
  switch (reason) {
    case 'timeout':
      return 'no answer: address, port, firewall, or a community or user it does not know';
    case 'cancelled':
      return 'not asked to the end';
    case '':
    case 'deadline':
    case 'row_cap':
    case 'byte_cap':
    case 'oid_not_increasing':
    case 'agent_error':
    case 'transport':
    case 'security':
      return detail === '' ? reason : `${reason}: ${detail}`;
  }
}
