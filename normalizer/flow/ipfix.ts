import type { FlowHeader } from './flow-header';
import type { Problem } from './set-list';
import { measureDefinition } from './template';
import type { TemplateSink } from './template-store';

/*
 * RFC 7011. Header (16 bytes): version 10 (2), message length (2), export time in seconds (4), sequence: data records sent
 * before this message (4), observation domain (4). Template set (2): template id, field count, field specifiers; the
 * highest bit of an element announces four bytes of enterprise number, in options templates too. Options template set
 * (3): template id, field count, scope field count, specifiers. Field count 0 withdraws: one template, or with id 2 or 3
 * all of that kind (section 8.1).
 */
const HEADER_BYTES = 16;
export const IPFIX_TEMPLATE_SET = 2;
export const IPFIX_OPTIONS_SET = 3;

/** The header. A message length beyond the datagram is met by what is there; `to` never passes the end. */
export function readIpfixHeader(view: DataView): FlowHeader | Problem {
  if (view.byteLength < HEADER_BYTES) return { reason: 'flow_short_header', offset: view.byteLength };
  const length = view.getUint16(2);
  if (length < HEADER_BYTES) return { reason: 'flow_bad_message_length', offset: 2 };
  return {
    version: 10,
    domain: view.getUint32(12),
    count: -1,
    uptime: Number.NaN,
    exportedAt: view.getUint32(4) * 1000,
    sequence: view.getUint32(8),
    from: HEADER_BYTES,
    to: Math.min(length, view.byteLength),
    samplingRate: 0,
  };
}

/** What is wrong between the message length and the datagram, if anything. */
export function checkIpfixLength(view: DataView): Problem | undefined {
  const length = view.getUint16(2);
  if (length > view.byteLength) return { reason: 'flow_truncated_message', offset: view.byteLength };
  return length < view.byteLength ? { reason: 'flow_trailing_bytes', offset: length } : undefined;
}

/** Declares, or withdraws, the templates of a template set or options template set. */
export function readIpfixTemplates(
  view: DataView,
  from: number,
  to: number,
  options: boolean,
  sink: TemplateSink,
): Problem | undefined {
  let at = from;
  while (at + 4 <= to) {
    const id = view.getUint16(at);
    const fieldCount = view.getUint16(at + 2);
    if (id === 0 && fieldCount === 0) return undefined;
    if (fieldCount === 0) {
      if (id === (options ? IPFIX_OPTIONS_SET : IPFIX_TEMPLATE_SET)) sink.withdrawAll(options);
      else if (id >= 256) sink.withdraw(id, options);
      else return { reason: 'flow_bad_template_id', offset: at };
      at += 4;
      continue;
    }
    if (id < 256) return { reason: 'flow_bad_template_id', offset: at };
    const head = options ? 6 : 4;
    if (at + head > to) return { reason: 'flow_truncated_template', offset: at };
    const scopeCount = options ? view.getUint16(at + 4) : 0;
    if (scopeCount > fieldCount) return { reason: 'flow_bad_options_template', offset: at };
    const shape = measureDefinition(view, at + head, to, fieldCount, 10);
    if (shape.bytes < 0) return { reason: 'flow_truncated_template', offset: at };
    const problem = sink.declare(view, at + head, shape, { id, fieldCount, scopeCount, options });
    if (problem !== undefined) return { reason: problem, offset: at };
    at += head + shape.bytes;
  }
  return undefined;
}
