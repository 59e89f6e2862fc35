'use strict';

/* Producer thread of the ring test: offers `count` records that name themselves, waiting for room when refused. */
require('../../setup/ts-hook.js');
const { workerData } = require('node:worker_threads');
const { RingProducer } = require('../../../store/journal/ring-producer.ts');

const { memory, count } = workerData;
const origins = Array.from({ length: 5000 }, (_, index) => ({
  collector: 'netflow',
  source: 'udp://[::]:2055',
  peer: `peer ${index}`,
  format: 'flow',
}));

async function main() {
  const producer = new RingProducer(memory);
  for (let next = 0; next < count;) {
    const batch = [];
    for (let number = next; number < Math.min(count, next + 20); number += 1) {
      batch.push({
        origin: origins[number % 5000],
        receivedAt: number,
        bytes: Buffer.alloc(number % 1500, number & 0xff),
      });
    }
    next += producer.offer(batch);
    await producer.waitForRoom(1000);
  }
}

void main();
