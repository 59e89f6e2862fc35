import { readText, TextMemo } from '../../../normalizer/flow/text-memo';

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

describe('TextMemo', () => {
  it.each([
    ['one byte', Buffer.from('a')],
    ['a remainder of bytes', Buffer.from('svc-bck')],
    ['padding', Buffer.from('alice\0\0\0')],
    ['what stands behind a NUL', Buffer.from('bob\0rest')],
    ['more than ASCII', Buffer.from('J\u00f6rg\0\0')],
    ['nothing', Buffer.from('\0\0\0\0')],
    ['no bytes', Buffer.alloc(0)],
    ['a long text', Buffer.from('x'.repeat(65))],
    ['the longest kept text', Buffer.from('y'.repeat(63))],
  ])('reads %s as it is, the first time and again', (_name, bytes) => {
    const memo = new TextMemo();
    const view = viewOf(bytes);
    const read = readText(view, 0, bytes.length);
    expect([memo.get(view, 0, bytes.length), memo.get(view, 0, bytes.length)]).toEqual([read, read]);
  });

  it('tells thousands of names apart, also those that share a place or differ in length alone', () => {
    const memo = new TextMemo();
    const names = Array.from({ length: 3000 }, (_, i) => `user-${i}`).concat(['ab', 'ab\0', 'ab\0\0']);
    for (const name of [...names, ...names]) {
      const bytes = Buffer.from(name);
      expect(memo.get(viewOf(bytes), 0, bytes.length)).toBe(name.replaceAll('\0', ''));
    }
  });
});
