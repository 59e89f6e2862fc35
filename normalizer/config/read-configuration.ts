import type { ConfigTree } from './config-node';
import { ConfigReading } from './config-reading';
import type { ConfigurationText } from './configuration-text';
import { parseBraces } from './grammar/braces';
import { parseFortios } from './grammar/fortios';
import { parseIndent } from './grammar/indent';
import { parseRouteros } from './grammar/routeros';
import { parseSetLines } from './grammar/set-lines';
import { parseXml } from './grammar/xml';
import type { ConfigGrammar, ConfigPlatform } from './platforms';
import { readCisco } from './vendors/cisco';
import { readFortios } from './vendors/fortios';
import { readJunos } from './vendors/junos';
import { readPanos } from './vendors/panos';
import { readPfsense } from './vendors/pfsense';
import { readRouteros } from './vendors/routeros';
import { readVyos } from './vendors/vyos';
import type { ConfigNode } from './config-node';

/** The grammars, each one file. */
const GRAMMARS: Readonly<Record<ConfigGrammar, (lines: readonly string[]) => ConfigTree>> = {
  indent: parseIndent,
  braces: parseBraces,
  set: parseSetLines,
  fortios: parseFortios,
  routeros: parseRouteros,
  xml: parseXml,
};

/** The vendors, each one file that reads a tree. */
const VENDORS: Readonly<Record<ConfigPlatform, (reading: ConfigReading, root: ConfigNode) => void>> = {
  cisco_ios: (reading, root) => readCisco(reading, root, false),
  cisco_asa: (reading, root) => readCisco(reading, root, true),
  cisco_nxos: (reading, root) => readCisco(reading, root, false),
  arista_eos: (reading, root) => readCisco(reading, root, false),
  juniper_junos: readJunos,
  fortigate: readFortios,
  panos: readPanos,
  mikrotik: readRouteros,
  vyos: readVyos,
  pfsense: readPfsense,
  opnsense: readPfsense,
};

/** A configuration read: what it says, and its tree. */
export interface ReadConfiguration {
  readonly reading: ConfigReading;
  readonly tree: ConfigTree;
}

/** Parses the masked lines and collects rules, endpoints and interfaces. */
export function readConfiguration(text: ConfigurationText): ReadConfiguration {
  const tree = GRAMMARS[text.grammar](text.lines);
  const reading = new ConfigReading();
  VENDORS[text.platform](reading, tree.root);
  return { reading, tree };
}
