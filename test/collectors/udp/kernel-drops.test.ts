import fc from 'fast-check';
import { KernelDrops, type DropSource } from '../../../collectors/udp/kernel-drops';
import { localHex } from '../../../collectors/udp/local-hex';
import { parseProcNet } from '../../../collectors/udp/proc-net';

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n';

function row(local: string, inode: number, drops: number, waiting = 0): string {
  const rx = waiting.toString(16).toUpperCase().padStart(8, '0');
  return `  731: ${local} 00000000:0000 07 00000000:${rx} 00:00000000 00000000   105        0 ${inode} 2 0000000000000000 ${drops}        \n`;
}

describe('parseProcNet', () => {
  test('reads an IPv4 row of a little-endian kernel', () => {
    expect(parseProcNet(HEAD + row('0100007F:0807', 90211, 19090, 4096), 'LE')).toEqual([
      { family: 4, localHex: '7f000001', localPort: 2055, state: 7, receiveQueue: 4096, inode: 90211, drops: 19090 },
    ]);
  });

  test('reads an IPv6 row: four words, each of host order', () => {
    const [parsed] = parseProcNet(HEAD + row('B80D0120000000000000000001000000:0201', 5, 4294967295), 'LE');
    expect(parsed).toMatchObject({ family: 6, localHex: localHex('2001:db8::1'), localPort: 513, drops: 4294967295 });
  });

  test('reads a big-endian kernel', () => {
    expect(parseProcNet(row('7F000001:0807', 1, 0), 'BE')[0]?.localHex).toBe(localHex('127.0.0.1'));
  });

  test.each([
    ['nothing', ''],
    ['the heading alone', HEAD],
    ['a cut row', row('0100007F:0807', 1, 1).slice(0, 40)],
    ['another address length', row('0100007F00:0807', 1, 1)],
    ['no inode', row('0100007F:0807', 1, 1).replace(' 1 2 ', ' x 2 ')],
  ])('leaves out %s', (_name, text) => {
    expect(parseProcNet(text)).toEqual([]);
  });

  test('a table without the drops column counts none', () => {
    expect(parseProcNet(row('0100007F:0807', 7, 9).replace(/ 2 0000000000000000 9 +/, ''))).toMatchObject([
      { drops: 0 },
    ]);
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(200), (text, at) => {
        const good = row('0100007F:0807', 3, 4);
        expect(parseProcNet(good + text.replaceAll('\n', '') + '\n')[0]).toMatchObject({ inode: 3 });
        expect(() => parseProcNet(good.slice(0, at) + text + good.slice(at))).not.toThrow();
      }),
    );
  });
});

describe('KernelDrops', () => {
  class Written implements DropSource {
    v4: string | undefined = '';
    v6: string | undefined = '';
    own: ReadonlySet<number> | undefined;
    table(family: 4 | 6): string | undefined {
      return family === 4 ? this.v4 : this.v6;
    }
    ownInodes(): ReadonlySet<number> | undefined {
      return this.own;
    }
  }

  function meter(v4: string, own?: ReadonlySet<number>): [KernelDrops, Written] {
    const source = new Written();
    source.v4 = v4;
    source.own = own;
    const drops = new KernelDrops(source);
    drops.watch('127.0.0.1', 2055);
    return [drops, source];
  }

  test('says undefined where there is no table', () => {
    const source = new Written();
    source.v4 = undefined;
    const drops = new KernelDrops(source);
    drops.watch('127.0.0.1', 2055);
    expect(drops.sample()).toBeUndefined();
  });

  test('follows its own socket, not its neighbours', () => {
    const others = row('0100007F:0808', 2, 50) + row('0200007F:0807', 3, 60) + row('0100007F:0807', 4, 70);
    const [drops, source] = meter(HEAD + row('0100007F:0807', 1, 5, 16) + others, new Set([1, 2, 3]));
    expect(drops.sample()).toEqual({ drops: 5, waitingBytes: 16 });
    source.v4 = HEAD + row('0100007F:0807', 1, 9) + others.replace(' 70 ', ' 99 ');
    expect(drops.sample()).toEqual({ drops: 9, waitingBytes: 0 });
    expect(drops.sample()?.drops).toBe(9);
  });

  test('goes by address and port where the inodes cannot be told', () => {
    const [drops] = meter(row('0100007F:0807', 1, 5) + row('0100007F:0808', 2, 7));
    expect(drops.sample()?.drops).toBe(5);
  });

  test('goes on counting over a closed and re-opened socket and over a wrapped counter', () => {
    const [drops, source] = meter(row('0100007F:0807', 1, 4294967290));
    expect(drops.sample()?.drops).toBe(4294967290);
    source.v4 = row('0100007F:0807', 1, 3);
    expect(drops.sample()?.drops).toBe(4294967299);
    source.v4 = row('0100007F:0807', 8, 2);
    drops.watch('127.0.0.1', 2055);
    expect(drops.sample()?.drops).toBe(4294967301);
  });

  test('a row printed twice or missing once changes nothing', () => {
    const [drops, source] = meter(row('0100007F:0807', 1, 5) + row('0100007F:0807', 1, 5));
    expect(drops.sample()?.drops).toBe(5);
    source.v4 = HEAD;
    expect(drops.sample()).toEqual({ drops: 5, waitingBytes: 0 });
    source.v4 = row('0100007F:0807', 1, 6);
    expect(drops.sample()?.drops).toBe(6);
  });
});
