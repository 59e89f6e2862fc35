import { selectorRate } from '../../../normalizer/flow/options-data';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed } from './support';

describe('selectorRate', () => {
  it.each<[string, number, number | undefined, number, number, number]>([
    ['n out of N', 0, undefined, 2, 256, 128],
    ['n out of N with an interval of its own beside it', 1, undefined, 2, 256, 128],
    ['n out of N whose n is told as the interval (IOS-XR)', 1, undefined, 0, 256, 256],
    ['1 out of N where n is not told', 0, undefined, 0, 100, 100],
    ['a count and a space', 1, 99, 0, 0, 100],
    ['a count and a space of more than one', 10, 90, 0, 0, 10],
    ['a count without a space', 1, 0, 0, 0, 1],
    ['an interval alone, which is no rate', 256, undefined, 0, 0, 0],
    ['nothing', 0, undefined, 0, 0, 0],
  ])('reads %s', (_name, interval, space, size, population, rate) => {
    expect(selectorRate(interval, space, size, population)).toBe(rate);
  });
});

describe('an options record', () => {
  it('keeps all values of a repeated element', () => {
    // Scope: interface; 82 (name) twice.
    const template = '0001 0018 0101 0004 0008 0002 0004 0052 0004 0052 0004 0000';
    const record = '0101 0010 00000007 65746830 65746831';
    const sink = feed(new FlowNormalizer(), [
      datagram(`0009 0002 00002710 6553f100 00000001 00000000 ${template} ${record}`),
    ]);
    expect(sink.reasons).toEqual([]);
    expect(sink.of('inventory')).toEqual([
      expect.objectContaining({
        kind: 'interface',
        id: '7',
        name: 'eth0',
        extra: { scopeInterface: 7, interfaceName: 'eth0,eth1' },
      }),
    ]);
  });
});
