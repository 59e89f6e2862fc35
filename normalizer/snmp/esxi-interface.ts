/** What ESXi writes into ifDescr. */
export interface EsxiInterface {
  readonly name: string;
  /** Port of a distributed switch. */
  readonly dvPort?: number;
  /** Name of a standard switch, or the UUID of a distributed one (hexadecimal with one hyphen, as `esxcli` shows it). */
  readonly switch?: string;
  readonly portGroup?: string;
}

/**
 * `Virtual interface: vmk0 on port 67108877 DVS 50 0b ca …`, `Virtual interface: vmk0 on vswitch vSwitch0 portgroup
 * Management Network`, `Device vmnic0 at 02:00.0 bnx2`, `Traditional Virtual VMware switch: vSwitch0`, `Distributed
 * Virtual VMware switch: DvsPortset-0`; undefined for other texts.
 */
export function esxiName(descr: string): EsxiInterface | undefined {
  const virtual = after(descr, 'Virtual interface: ');
  if (virtual !== undefined) return virtualInterface(virtual);
  const device = after(descr, 'Device ');
  const at = device?.indexOf(' at ') ?? -1;
  if (device !== undefined && at > 0) return { name: device.slice(0, at) };
  const vswitch =
    after(descr, 'Traditional Virtual VMware switch: ') ?? after(descr, 'Distributed Virtual VMware switch: ');
  return vswitch === undefined || vswitch === '' ? undefined : { name: vswitch };
}

function virtualInterface(text: string): EsxiInterface | undefined {
  const [name = '', on, kind, place = '', word, ...rest] = text.split(' ');
  if (name === '') return undefined;
  if (on !== 'on') return { name };
  const dvPort = Number(place);
  if (kind === 'port' && word === 'DVS' && Number.isInteger(dvPort) && dvPort > 0) {
    const hex = rest.join('').replaceAll('-', '').toLowerCase();
    const uuid = hex.length === 32 && !/[^0-9a-f]/.test(hex) ? dvsUuid(hex) : undefined;
    return { name, dvPort, ...(uuid === undefined ? {} : { switch: uuid }) };
  }
  if (kind === 'vswitch' && word === 'portgroup') return { name, switch: place, portGroup: rest.join(' ') };
  return { name };
}

/** `50 0b ca e3 c1 d5 10 a4-1c 2b …`: pairs, a hyphen after the eighth. */
function dvsUuid(hex: string): string {
  const pairs = hex.match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`;
}

function after(text: string, start: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}
