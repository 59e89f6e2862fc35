import { CommandTable } from '../commands/command-table';
import { ESXI_COMMANDS } from '../commands/esxi.data';

/** The allowed commands of ESXi hosts. */
export const ESXI_TABLE = new CommandTable('esxi', ESXI_COMMANDS);
