import { uuidOf } from '../state/vm-directory';
import type { CommandReading } from './command-reading';
import { FIRST_ADAPTER, stateVnic } from './vnics';
import { learnVm } from './vms';

const MAX_LINES = 8192;

/** A VM's `.vmx`: `ethernet0.networkName = "VM Network"`, its UUID and name. What it says of adapters holds while they are there. */
export function readVmxFile(reading: CommandReading): void {
  const values = vmxValues(reading.text());
  const path = reading.read.parameters['path'];
  const name = values.get('displayname');
  if (name === undefined) {
    reading.refuse('esxi_vmx_without_name', (path ?? '').slice(0, 80));
    return;
  }
  const uuid = uuidOf(values.get('uuid.bios') ?? '');
  const vm = learnVm(reading, {
    name,
    ...(uuid === undefined ? {} : { uuid }),
    ...(path === undefined ? {} : { path }),
  });
  for (let i = 0; i < 10; i++) {
    const adapter = `ethernet${i}.`;
    if (values.get(`${adapter}present`)?.toLowerCase() !== 'true') continue;
    reading.rowCount++;
    // A fixed address goes before the one that was made up for it.
    const mac = values.get(`${adapter}address`) ?? values.get(`${adapter}generatedaddress`);
    if (mac === undefined) continue;
    stateVnic(reading, {
      mac: mac.toLowerCase(),
      vm,
      adapter: FIRST_ADAPTER + i,
      portGroup: values.get(`${adapter}networkname`),
      dvPort: values.get(`${adapter}dvs.portid`),
    });
  }
}

/** Values by key in lower case; of repeated keys the first, as the hypervisor reads them. */
function vmxValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n', MAX_LINES)) {
    const equals = line.indexOf(' = "');
    const end = line.lastIndexOf('"');
    if (equals <= 0 || end < equals + 4) continue;
    const key = line.slice(0, equals).trim().toLowerCase();
    if (!values.has(key)) values.set(key, unescaped(line.slice(equals + 4, end)));
  }
  return values;
}

/** `|22` is a quotation mark, `|7C` a bar. */
function unescaped(text: string): string {
  if (!text.includes('|')) return text;
  const parts = text.split('|');
  return parts
    .map((part, i) => {
      const code = i === 0 ? Number.NaN : Number.parseInt(part.slice(0, 2), 16);
      if (i === 0) return part;
      return Number.isNaN(code) ? `|${part}` : String.fromCodePoint(code) + part.slice(2);
    })
    .join('');
}
