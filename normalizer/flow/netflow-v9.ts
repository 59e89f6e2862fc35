import type { FlowHeader } from './flow-header';
import type { Problem } from './set-list';
import { measureDefinition } from './template';
import type { TemplateSink } from './template-store';

/*
 * RFC 3954. Header (20 bytes): version 9 (2), count of records in all sets (2), sysUptime ms (4), unix seconds (4), packet
 * sequence (4), source id (4). Template set (0): template id, field count, then type and length of each field. Options
 * template set (1): template id, scope length, option length (both in bytes), then the scope and option fields. Scope
 * types are a number space of their own; there is no enterprise bit.
 */
const HEADER_BYTES = 20;
const SET_HEADER_BYTES = 4;
export const V9_TEMPLATE_SET = 0;
export const V9_OPTIONS_SET = 1;

export function readV9Header(view: DataView): FlowHeader | Problem {
  if (view.byteLength < HEADER_BYTES) return { reason: 'flow_short_header', offset: view.byteLength };
  // It counts records and has no room for a set: its end is missing.
  const isCut = view.getUint16(2) > 0 && view.byteLength < HEADER_BYTES + SET_HEADER_BYTES;
  if (isCut) return { reason: 'flow_truncated_message', offset: HEADER_BYTES };
  return {
    version: 9,
    domain: view.getUint32(16),
    count: view.getUint16(2),
    uptime: view.getUint32(4),
    exportedAt: view.getUint32(8) * 1000,
    sequence: view.getUint32(12),
    from: HEADER_BYTES,
    to: view.byteLength,
    samplingRate: 0,
  };
}

/** Declares the templates of a template set; stops at the first that cannot be read. */
export function readV9Templates(view: DataView, from: number, to: number, sink: TemplateSink): Problem | undefined {
  let at = from;
  while (at + 4 <= to) {
    const id = view.getUint16(at);
    const fieldCount = view.getUint16(at + 2);
    if (id === 0 && fieldCount === 0) return undefined;
    if (id < 256) return { reason: 'flow_bad_template_id', offset: at };
    if (fieldCount === 0) return { reason: 'flow_template_without_fields', offset: at };
    const shape = measureDefinition(view, at + 4, to, fieldCount, 9);
    if (shape.bytes < 0) return { reason: 'flow_truncated_template', offset: at };
    const problem = sink.declare(view, at + 4, shape, { id, fieldCount, scopeCount: 0, options: false });
    if (problem !== undefined) return { reason: problem, offset: at };
    at += 4 + shape.bytes;
  }
  return undefined;
}

/** Declares the templates of an options template set. */
export function readV9OptionsTemplates(
  view: DataView,
  from: number,
  to: number,
  sink: TemplateSink,
): Problem | undefined {
  let at = from;
  while (at + 6 <= to) {
    const id = view.getUint16(at);
    const scopeBytes = view.getUint16(at + 2);
    const optionBytes = view.getUint16(at + 4);
    if (id === 0 && scopeBytes === 0 && optionBytes === 0) return undefined;
    if (id < 256) return { reason: 'flow_bad_template_id', offset: at };
    if (scopeBytes % 4 !== 0 || optionBytes % 4 !== 0) return { reason: 'flow_bad_options_template', offset: at };
    const fieldCount = (scopeBytes + optionBytes) / 4;
    if (fieldCount === 0) return { reason: 'flow_options_without_fields', offset: at };
    const shape = measureDefinition(view, at + 6, to, fieldCount, 9);
    if (shape.bytes < 0) return { reason: 'flow_truncated_template', offset: at };
    const problem = sink.declare(view, at + 6, shape, { id, fieldCount, scopeCount: scopeBytes / 4, options: true });
    if (problem !== undefined) return { reason: problem, offset: at };
    at += 6 + shape.bytes;
  }
  return undefined;
}
