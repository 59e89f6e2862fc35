import fc from 'fast-check';
import { joinedBytes } from '../../../forwarders/framing/joined-bytes';

describe('joined bytes', () => {
  it('are those of the joined text, but that no surrogate pair comes to be between two texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        expect(joinedBytes(texts)).toEqual(Buffer.from(texts.join('')));
      }),
    );
    expect(joinedBytes(['a\ud83d', '\ude00b']).toString()).toBe('a\ufffd\ufffdb');
    expect(joinedBytes([])).toHaveLength(0);
  });
});
