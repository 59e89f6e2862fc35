import type { FieldValue } from '../contract';

const MAC = /^[0-9A-F]{2}(?:-[0-9A-F]{2}){5}$/u;

/** `00-00-5E-00-53-23`, as ECS has it, in the notation of CEF and LEEF: hex numbers between colons. What is none stays. */
export function colonMac(value: FieldValue): FieldValue {
  return typeof value === 'string' && MAC.test(value) ? value.replaceAll('-', ':').toLowerCase() : value;
}
