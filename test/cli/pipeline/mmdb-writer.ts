/** A value of a MaxMind DB. Numbers are unsigned 32-bit. */
export type MmdbValue = string | number | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

/** Networks as `203.0.113.0/24`, and what is said of each. */
export type MmdbNetworks = Readonly<Record<string, MmdbValue>>;

const METADATA = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
const NODE_BYTES = 8;

interface Node {
  readonly sides: [Node | Buffer | undefined, Node | Buffer | undefined];
}

/**
 * A small database of IPv4 networks in the MaxMind DB format, version 2.0 (https://maxmind.github.io/MaxMind-DB/): a binary tree of 32-bit
 * records, 16 zero bytes, data, and metadata behind their marker. `builtAt`: epoch ms.
 */
export function mmdb(type: string, networks: MmdbNetworks, builtAt: number): Buffer {
  const root: Node = { sides: [undefined, undefined] };
  for (const [network, value] of Object.entries(networks)) put(root, network, encoded(value));
  const nodes = nodesOf(root);
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const data: Buffer[] = [];
  let size = 0;
  const record = (side: Node | Buffer | undefined): number => {
    if (side === undefined) return nodes.length;
    if (!Buffer.isBuffer(side)) return numbers.get(side) ?? nodes.length;
    data.push(side);
    size += side.length;
    return nodes.length + 16 + size - side.length;
  };
  const tree = Buffer.alloc(nodes.length * NODE_BYTES);
  nodes.forEach(({ sides }, i) => sides.forEach((side, n) => tree.writeUInt32BE(record(side), i * NODE_BYTES + n * 4)));
  const metadata = encoded({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(builtAt / 1000),
    database_type: type,
    description: { en: 'made for a test' },
    ip_version: 4,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 32,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, METADATA, metadata]);
}

function put(root: Node, network: string, value: Buffer): void {
  const [address = '', prefix = ''] = network.split('/');
  const bits = address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')
    .slice(0, Number(prefix));
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = node.sides[Number(bit)];
    const next: Node = side === undefined || Buffer.isBuffer(side) ? { sides: [undefined, undefined] } : side;
    node.sides[Number(bit)] = next;
    node = next;
  }
  node.sides[Number(bits.at(-1))] = value;
}

function nodesOf(node: Node): Node[] {
  return [node, ...node.sides.flatMap((side) => (side === undefined || Buffer.isBuffer(side) ? [] : nodesOf(side)))];
}

/** Types of the format: 2 text, 6 unsigned 32-bit, 7 map, 11 array (8 and above behind a second byte). */
function encoded(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value))
    return Buffer.concat([control(11, value.length), ...value.map((each) => encoded(each as MmdbValue))]);
  const members = Object.entries(value as Readonly<Record<string, MmdbValue>>);
  return Buffer.concat([
    control(7, members.length),
    ...members.flatMap(([key, each]) => [encoded(key), encoded(each)]),
  ]);
}

function control(type: number, size: number): Buffer {
  if (size > 28) return Buffer.from([(type << 5) | 29, size - 29]);
  return type <= 7 ? Buffer.from([(type << 5) | size]) : Buffer.from([size, type - 7]);
}
