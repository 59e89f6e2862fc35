import type { FlowHeader } from './flow-header';
import type { Problem } from './set-list';
import { type FieldSpec, type Template } from './template';

/*
 * Versions without templates (Cisco "NetFlow Export Datagram Format"). All begin with version (2), count (2), sysUptime
 * (4), unix seconds (4), nanoseconds (4). Version 1 stops there (16 bytes, records of 52). Version 5 goes on with the
 * flow sequence (4), engine type (1), engine id (1), sampling (2: two bits of mode, 14 of interval); records of 48.
 * Version 7 has the flow sequence and four reserved bytes; records of 52. Version 8 is aggregated and not read.
 *
 * Their fixed records are templates like any other; element 210 is what has no meaning for us.
 */
interface Layout {
  readonly headerBytes: number;
  readonly recordBytes: number;
  readonly fields: readonly (readonly [element: number, length: number])[];
}

const ADDRESSES_TO_PORTS: Layout['fields'] = [
  [8, 4],
  [12, 4],
  [15, 4],
  [10, 2],
  [14, 2],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
  [7, 2],
  [11, 2],
];

/** Stands for version 1 as softflowd writes it: records of 48 bytes, without the last four of padding. */
const SHORT_V1 = -1;

const LAYOUTS: Readonly<Record<number, Layout>> = {
  [SHORT_V1]: {
    headerBytes: 16,
    recordBytes: 48,
    fields: [...ADDRESSES_TO_PORTS, [210, 2], [4, 1], [5, 1], [6, 1], [210, 7]],
  },
  1: {
    headerBytes: 16,
    recordBytes: 52,
    fields: [...ADDRESSES_TO_PORTS, [210, 2], [4, 1], [5, 1], [6, 1], [210, 11]],
  },
  5: {
    headerBytes: 24,
    recordBytes: 48,
    fields: [...ADDRESSES_TO_PORTS, [210, 1], [6, 1], [4, 1], [5, 1], [16, 2], [17, 2], [9, 1], [13, 1], [210, 2]],
  },
  7: {
    headerBytes: 24,
    recordBytes: 52,
    fields: [
      ...ADDRESSES_TO_PORTS,
      [210, 1],
      [6, 1],
      [4, 1],
      [5, 1],
      [16, 2],
      [17, 2],
      [9, 1],
      [13, 1],
      [210, 2],
      // Router whose forwarding was bypassed by the switch.
      [210, 4],
    ],
  },
};

/** The header of version 1, 5 or 7. */
export function readFixedHeader(view: DataView, version: 1 | 5 | 7): FlowHeader | Problem {
  const { headerBytes } = LAYOUTS[version]!;
  if (view.byteLength < headerBytes) return { reason: 'flow_short_header', offset: view.byteLength };
  const sampling = version === 5 ? view.getUint16(22) & 0x3fff : 0;
  return {
    version,
    domain: version === 5 ? view.getUint16(20) : 0,
    count: view.getUint16(2),
    uptime: view.getUint32(4),
    exportedAt: view.getUint32(8) * 1000 + (view.getUint32(12) < 1e9 ? Math.floor(view.getUint32(12) / 1e6) : 0),
    sequence: version === 1 ? Number.NaN : view.getUint32(16),
    from: headerBytes,
    to: view.byteLength,
    samplingRate: sampling,
  };
}

/** Which layout the records of a datagram have: that of its version, or the one that its length tells. */
export function fixedLayout({ version, count, from, to }: FlowHeader): number {
  const isShort = version === 1 && count > 0 && to - from === count * LAYOUTS[SHORT_V1]!.recordBytes;
  return isShort ? SHORT_V1 : version;
}

/** How many records are there: those announced, as far as they are whole. What stands behind them is ignored. */
export function fixedRecordCount(header: FlowHeader, layout: number): number {
  const { recordBytes } = LAYOUTS[layout]!;
  return Math.min(header.count, Math.floor((header.to - header.from) / recordBytes));
}

/** A record layout as a template of its version. */
export function fixedTemplate(layout: number): Template {
  const { fields, recordBytes } = LAYOUTS[layout]!;
  const version = layout === SHORT_V1 ? 1 : layout;
  const specs = fields.map(([element, length]): FieldSpec => ({ enterprise: 0, element, length }));
  const definition = Buffer.alloc(specs.length * 4);
  specs.forEach(({ element, length }, i) => {
    definition.writeUInt16BE(element, i * 4);
    definition.writeUInt16BE(length, i * 4 + 2);
  });
  return {
    id: 0,
    scopeCount: 0,
    options: false,
    version,
    definition,
    fieldCount: specs.length,
    recordLength: recordBytes,
    variable: false,
    refused: undefined,
    lastSeen: 0,
    reader: undefined,
  };
}
