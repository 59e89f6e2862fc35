import { Option } from '@commander-js/extra-typings';
import type { Inventory } from '../../normalizer/model/facts';
import type { AscribeCommand } from '../contract';
import type * as InventoryAnswer from './inventory-answer';
import { DEFAULT_LIMIT, given, limitOption } from './options';

/** A kind that is new in the facts fails the compilation here. */
const KINDS: Readonly<Record<Inventory['kind'], true>> = {
  device: true,
  host: true,
  vm: true,
  interface: true,
  vrf: true,
  application: true,
  sampler: true,
  process: true,
  socket: true,
  tunnel: true,
  route: true,
  rule: true,
  account: true,
  port_group: true,
  setting: true,
  software: true,
  switch: true,
};

/** `inventory`: the things that devices told of, each once, with when it was seen first and last. */
export const inventoryCommand: AscribeCommand = {
  name: 'inventory',
  define(program, host) {
    program
      .command('inventory')
      .description('list the devices, interfaces, VMs, … that were told of, the one seen last first')
      .addOption(new Option('--kind <kind>', 'of this kind').choices(Object.keys(KINDS) as Inventory['kind'][]))
      .option('--device <name>', 'told by this device')
      .option('--limit <number>', 'at most so many', limitOption, DEFAULT_LIMIT)
      .action(
        host.action((context, { kind, device, limit }) => {
          const { showInventory } = require('./inventory-answer') as typeof InventoryAnswer;
          return showInventory(context, { ...given({ kind, device }), limit });
        }),
      );
  },
};
