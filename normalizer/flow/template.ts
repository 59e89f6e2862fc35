/**
 * A template as its exporter declared it. NetFlow v9 (RFC 3954 section 5.2, 6.1) and IPFIX (RFC 7011 section 3.4) are
 * brought into this one form; v9 scope fields, which are a number space of their own, never share it with elements.
 */
import type { TemplateReader } from './template-reader';

/** A length that each record tells in front of the value (RFC 7011 section 7). */
export const VARIABLE_LENGTH = 0xffff;

export interface FieldSpec {
  /** Private enterprise number; 0 is IANA. NetFlow v9 knows no other. */
  readonly enterprise: number;
  readonly element: number;
  /** Bytes, or `VARIABLE_LENGTH`. */
  readonly length: number;
}

export interface Template {
  readonly id: number;
  /** How many of the first fields are scope fields; 0 for a template of flows. */
  readonly scopeCount: number;
  readonly options: boolean;
  readonly version: number;
  /** The declaration as it stood in the datagram: equal bytes are the same template. */
  readonly definition: Uint8Array;
  readonly fieldCount: number;
  /** Bytes of a record; the least possible for variable lengths. 0 only with `refused`. */
  readonly recordLength: number;
  readonly variable: boolean;
  /** Why data of this template cannot be read (`flow_zero_length_record`, `flow_too_many_fields`). */
  readonly refused: string | undefined;
  /** Receive time of the last declaration. */
  lastSeen: number;
  /** Made when first needed, so that a flood of templates costs no compilation. */
  reader: TemplateReader | undefined;
}

/** The field specifiers of a template; for options templates the scope fields come first. */
export function templateFields(template: Template): FieldSpec[] {
  const { definition, version, fieldCount, options, scopeCount } = template;
  const view = new DataView(definition.buffer, definition.byteOffset, definition.length);
  const fields: FieldSpec[] = [];
  let at = 0;
  for (let i = 0; i < fieldCount; i++) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    at += 4;
    if (version !== 10) {
      const scope = options && i < scopeCount;
      fields.push({ enterprise: scope ? V9_SCOPE_SPACE : 0, element: type, length });
      continue;
    }
    const enterprise = (type & 0x8000) === 0 ? 0 : view.getUint32(at);
    if ((type & 0x8000) !== 0) at += 4;
    fields.push({ enterprise, element: type & 0x7fff, length });
  }
  return fields;
}

/** Stands for the v9 scope types (1 System, 2 Interface, 3 Line Card, 4 Cache, 5 Template) where an enterprise would stand. */
export const V9_SCOPE_SPACE = -1;

/** What the walk over the field specifiers of a declaration found. */
export interface DefinitionShape {
  /** Bytes of the specifiers; -1 when they do not fit into what is left. */
  readonly bytes: number;
  readonly recordLength: number;
  readonly variable: boolean;
}

/** Walks `fieldCount` specifiers from `at`, reading nothing beyond `end`. */
export function measureDefinition(
  view: DataView,
  at: number,
  end: number,
  fieldCount: number,
  version: number,
): DefinitionShape {
  let p = at;
  let recordLength = 0;
  let variable = false;
  for (let i = 0; i < fieldCount; i++) {
    if (p + 4 > end) return { bytes: -1, recordLength, variable };
    const enterprise = version === 10 && (view.getUint8(p) & 0x80) !== 0;
    const length = view.getUint16(p + 2);
    p += enterprise ? 8 : 4;
    if (p > end) return { bytes: -1, recordLength, variable };
    if (length === VARIABLE_LENGTH) variable = true;
    recordLength += length === VARIABLE_LENGTH ? 1 : length;
  }
  return { bytes: p - at, recordLength, variable };
}
