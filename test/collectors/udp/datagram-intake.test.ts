import type { RawRecord } from '../../../collectors/contract';
import { AllowList } from '../../../collectors/udp/allow-list';
import { DatagramIntake, type IntakeSettings } from '../../../collectors/udp/datagram-intake';
import type { UdpEvent } from '../../../collectors/udp/udp-events';

const SOURCE = 'udp://0.0.0.0:2055';

interface Setup {
  readonly intake: DatagramIntake;
  readonly taken: RawRecord[];
  readonly batches: number[];
  readonly events: UdpEvent[];
  room: number;
}

function setup(settings: Partial<IntakeSettings> = {}): Setup {
  const taken: RawRecord[] = [];
  const batches: number[] = [];
  const events: UdpEvent[] = [];
  const made = { taken, batches, events, room: Number.POSITIVE_INFINITY } as Setup;
  const offer = (batch: readonly RawRecord[]) => {
    const count = Math.min(batch.length, made.room);
    made.room -= count;
    taken.push(...batch.slice(0, count));
    batches.push(batch.length);
    return count;
  };
  const all: IntakeSettings = {
    collector: 'netflow',
    format: 'flow',
    allow: AllowList.everyone,
    peerLimit: 100,
    batchLimit: 4,
    refusedSampleBytes: 0,
    ...settings,
  };
  return Object.assign(made, { intake: new DatagramIntake(SOURCE, all, offer, (event) => events.push(event)) });
}

const bytes = (length: number) => new Uint8Array(length).fill(7);

describe('DatagramIntake', () => {
  test('hands over the bytes with when, how and from whom', () => {
    const { intake, taken } = setup();
    const payload = bytes(3);
    intake.receive(payload, '::ffff:192.0.2.1', 9999, 1234);
    intake.flush();
    expect(taken).toEqual([
      {
        origin: { collector: 'netflow', source: SOURCE, peer: '192.0.2.1:9999', format: 'flow' },
        receivedAt: 1234,
        bytes: payload,
      },
    ]);
  });

  test('one origin object for each peer, whatever comes between', () => {
    const { intake, taken } = setup();
    for (const [address, port] of [
      ['192.0.2.1', 1],
      ['192.0.2.2', 1],
      ['192.0.2.1', 2],
      ['192.0.2.1', 1],
      ['192.0.2.1', 1],
    ] as const) {
      intake.receive(bytes(1), address, port, 0);
    }
    intake.flush();
    expect(new Set(taken.map((record) => record.origin)).size).toBe(3);
    expect(taken[3]?.origin).toBe(taken[0]?.origin);
    expect(taken[4]?.origin).toBe(taken[0]?.origin);
  });

  test('offers at the batch limit and at the end of the turn', async () => {
    const { intake, batches } = setup({ batchLimit: 4 });
    for (let count = 0; count < 6; count += 1) intake.receive(bytes(1), '192.0.2.1', 1, 0);
    expect(batches).toEqual([4]);
    expect(intake.counts().held).toBe(2);
    await new Promise(setImmediate);
    expect(batches).toEqual([4, 2]);
    expect(intake.counts().held).toBe(0);
  });

  test('keeps empty datagrams', () => {
    const { intake, taken } = setup();
    intake.receive(bytes(0), '192.0.2.1', 1, 0);
    intake.flush();
    expect(taken[0]?.bytes.length).toBe(0);
    expect(intake.counts()).toMatchObject({ received: 1, receivedBytes: 0 });
  });

  test('counts what the queue does not take, by listener and address, with few events', () => {
    const made = setup({ batchLimit: 4 });
    const { intake, taken, events } = made;
    made.room = 5;
    for (let count = 0; count < 8; count += 1) intake.receive(bytes(10), `192.0.2.${count % 2}`, 1, 1000 + count);
    for (let count = 0; count < 400; count += 1) intake.receive(bytes(10), '192.0.2.9', 1, 2000 + count);
    for (let count = 0; count < 4; count += 1) intake.receive(bytes(10), '192.0.2.9', 1, 11_007);
    const counts = intake.counts();
    expect(taken.length).toBe(5);
    expect(counts).toMatchObject({ received: 412, refused: 0, dropped: 407, droppedBytes: 4070, held: 0 });
    const byAddress = new Map(counts.senders.map((sender) => [sender.address, sender]));
    expect(byAddress.get('192.0.2.0')).toMatchObject({
      datagrams: 4,
      dropped: 1,
      droppedBytes: 10,
      firstSeen: 1000,
      lastSeen: 1006,
    });
    expect(byAddress.get('192.0.2.1')).toMatchObject({ datagrams: 4, dropped: 2 });
    expect(byAddress.get('192.0.2.9')).toMatchObject({ datagrams: 404, dropped: 404 });
    expect(events).toEqual([
      { kind: 'udp_queue_full', listener: SOURCE, datagrams: 3 },
      { kind: 'udp_queue_full', listener: SOURCE, datagrams: 400 + 4 },
    ]);
  });

  test('refuses who is not allowed, keeps the sample asked for', () => {
    const { intake, taken, events } = setup({ allow: AllowList.parse(['192.0.2.0/24']), refusedSampleBytes: 2 });
    intake.receive(Uint8Array.of(1, 2, 3), '198.51.100.1', 5, 10);
    intake.receive(Uint8Array.of(4, 5, 6), '198.51.100.1', 6, 20);
    intake.receive(Uint8Array.of(9), '192.0.2.1', 6, 20);
    intake.receive(Uint8Array.of(7, 8), '::ffff:198.51.100.1', 6, 30);
    intake.flush();
    expect(taken.map((record) => record.bytes[0])).toEqual([9]);
    expect(intake.counts()).toMatchObject({
      received: 4,
      refused: 3,
      refusedBytes: 8,
      dropped: 0,
      senders: [{ address: '192.0.2.1', datagrams: 1, bytes: 1 }],
      refusedSenders: [
        { address: '198.51.100.1', datagrams: 3, bytes: 8, firstSeen: 10, lastSeen: 30, sample: Uint8Array.of(7, 8) },
      ],
    });
    expect(events).toEqual([{ kind: 'udp_refused', listener: SOURCE, address: '198.51.100.1', datagrams: 1 }]);
  });

  test('keeps no bytes of refused senders unless asked', () => {
    const { intake } = setup({ allow: AllowList.parse([]) });
    intake.receive(Uint8Array.of(1), '198.51.100.1', 5, 10);
    expect(intake.counts().refusedSenders[0]).not.toHaveProperty('sample');
  });

  test('60,000 forged peers: bounded tables, exact sums, the real exporter stays listed', () => {
    const { intake, taken } = setup({
      allow: AllowList.parse(['10.0.0.0/8', '192.0.2.1']),
      peerLimit: 64,
      batchLimit: 64,
    });
    for (let count = 0; count < 60_000; count += 1) {
      const forged = count % 2 === 0 ? `10.1.${count >> 8}.${count & 255}` : `203.0.113.${count & 255}`;
      intake.receive(bytes(2), forged, count, count);
      if (count % 50 === 0) intake.receive(bytes(1), '192.0.2.1', 2055, count);
    }
    intake.flush();
    const { senders, refusedSenders, received, refused } = intake.counts();
    expect(senders.length).toBe(65);
    expect(refusedSenders.length).toBe(65);
    expect(senders.find((sender) => sender.address === '192.0.2.1')).toMatchObject({
      datagrams: 1200,
      bytes: 1200,
      firstSeen: 0,
    });
    expect(sum(senders)).toBe(31_200);
    expect(sum(refusedSenders)).toBe(30_000);
    expect([received, refused, taken.length]).toEqual([61_200, 30_000, 31_200]);
    const real = taken.filter((record) => record.origin.peer === '192.0.2.1:2055');
    expect(new Set(real.map((record) => record.origin)).size).toBe(1);
  });
});

function sum(senders: readonly { readonly datagrams: number }[]): number {
  return senders.reduce((total, sender) => total + sender.datagrams, 0);
}
