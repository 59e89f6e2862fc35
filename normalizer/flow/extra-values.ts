import { addressText } from '../model/address';
import type { ExtraField } from './column-plan';
import { elementOf } from './element-registry';
import { ntpMilliseconds, unsigned } from './field-readers';
import { readText } from './text-memo';
import type { AbstractType } from './elements.data';

/** One value of a field without a column. */
export type ExtraValue = string | number | readonly (string | number)[];

/**
 * The value of `length` bytes under an abstract data type (RFC 7011 section 6.1). A length that the type cannot have, or no
 * type, gives hex. Integers above 2^53 are decimal text; times are epoch ms.
 */
export function extraValue(view: DataView, at: number, length: number, type: AbstractType | undefined): ExtraValue {
  switch (type) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
      return length <= 8 ? unsignedValue(view, at, length) : hex(view, at, length);
    case 'signed32':
      return length <= 6 ? signed(view, at, length) : hex(view, at, length);
    case 'float64':
      return length === 8 ? view.getFloat64(at) : length === 4 ? view.getFloat32(at) : hex(view, at, length);
    case 'boolean':
      return length === 1 ? (view.getUint8(at) === 1 ? 'true' : 'false') : hex(view, at, length);
    case 'string':
      return textOrHex(view, at, length);
    case 'ipv4Address':
      return length === 4 ? address(view, at, 4) : hex(view, at, length);
    case 'ipv6Address':
      return length === 16 ? address(view, at, 16) : hex(view, at, length);
    case 'macAddress':
      return length === 6 ? hex(view, at, 6).replaceAll(/(..)(?=.)/g, '$1:') : hex(view, at, length);
    case 'dateTimeSeconds':
      return length <= 6 ? unsigned(view, at, length) * 1000 : hex(view, at, length);
    case 'dateTimeMilliseconds':
      return length <= 8 ? unsignedValue(view, at, length) : hex(view, at, length);
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return length === 8 ? ntpMilliseconds(view, at) : hex(view, at, length);
    case 'basicList':
      return basicList(view, at, length);
    case 'octetArray':
    case 'subTemplateList':
    case 'subTemplateMultiList':
    case undefined:
      return hex(view, at, length);
  }
}

/** Adds the value of one field to the extras of its row. */
export function addExtra(
  into: Record<string, ExtraValue>,
  field: ExtraField,
  view: DataView,
  at: number,
  length: number,
): void {
  const value = extraValue(view, at, length, field.type);
  if (!field.repeated) {
    into[field.name] = value;
    return;
  }
  const before = into[field.name];
  const list = Array.isArray(before) ? (before as (string | number)[]) : [];
  into[field.name] = list.concat(value);
}

/** Lower-case hex of `length` bytes. */
export function hex(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('hex');
}

/** Text, unless it has control characters other than trailing NULs: some exporters send binary under a string element. */
function textOrHex(view: DataView, at: number, length: number): string {
  const text = readText(view, at, length) ?? '';
  const binary =
    /[\u0001-\u0008\u000e-\u001f\u007f\ufffd]/.test(text) ||
    (text === '' && length >= 16 && !allZero(view, at, length));
  return binary ? hex(view, at, length) : text;
}

function allZero(view: DataView, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (view.getUint8(at + i) !== 0) return false;
  return true;
}

function address(view: DataView, at: number, length: number): string {
  return addressText(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function unsignedValue(view: DataView, at: number, length: number): string | number {
  const value = unsigned(view, at, length);
  if (Number.isSafeInteger(value)) return value;
  let exact = 0n;
  for (let i = 0; i < length; i++) exact = exact * 256n + BigInt(view.getUint8(at + i));
  return exact.toString();
}

function signed(view: DataView, at: number, length: number): number {
  if (length === 0) return 0;
  const value = unsigned(view, at, length);
  return view.getInt8(at) < 0 ? value - 2 ** (8 * length) : value;
}

/** RFC 6313 section 4.5.1: semantic, element (with enterprise), element length, values. Not a whole list: hex. */
function basicList(view: DataView, at: number, length: number): ExtraValue {
  if (length < 5) return hex(view, at, length);
  const head = view.getUint16(at + 1);
  const enterprise = (head & 0x8000) !== 0;
  const size = view.getUint16(at + 3);
  let p = at + (enterprise ? 9 : 5);
  const end = at + length;
  if (p > end || size === 0) return hex(view, at, length);
  const { type } = elementOf(enterprise ? view.getUint32(at + 5) : 0, head & 0x7fff);
  const values: (string | number)[] = [];
  while (p < end) {
    let bytes = size;
    if (size === 0xffff) {
      bytes = view.getUint8(p++);
      if (bytes === 255) {
        if (p + 2 > end) return hex(view, at, length);
        bytes = view.getUint16(p);
        p += 2;
      }
    }
    if (p + bytes > end) return hex(view, at, length);
    const value = type === 'basicList' ? hex(view, p, bytes) : extraValue(view, p, bytes, type);
    values.push(value as string | number);
    p += bytes;
  }
  return values;
}
