import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { csvCells } from '../../attribution/destinations/csv-cells';
import { addressSet } from '../../attribution/findings/address-set';
import { RoleBook, type RoleEntry } from '../../attribution/findings/role-book';
import type { BaselineEntry } from '../../store/casework/baselines';
import type { AssetFileConfig } from '../config/assets';
import type { Config } from '../config/schema';
import { codeOf, messageOf } from '../thrown';

const LARGEST = 64 << 20;

/** A profile as plain data: networks as text. */
export interface ProfileText {
  readonly role: string;
  readonly ports: readonly number[];
  readonly destinations: readonly string[];
}

/** What is known of machines, and one sentence for each file that could not be read. */
export interface LoadedRoles {
  readonly roles: RoleBook;
  readonly entries: readonly RoleEntry[];
  readonly profiles: readonly ProfileText[];
  readonly warnings: readonly string[];
}

/**
 * Reads the roles that the configuration states and its files, and what was approved for machines of a role. A file that cannot be read is left
 * out and named.
 */
export function loadRoles(
  { assets }: Pick<Config, 'assets'>,
  directory: string,
  approved: readonly BaselineEntry[] = [],
): LoadedRoles {
  const warnings: string[] = [];
  const read = assets.files.flatMap((settings): RoleEntry[] => {
    try {
      return rolesOfFile(settings, resolve(directory, settings.file));
    } catch (error) {
      warnings.push(`assets file ${settings.file} is left out: ${codeOf(error) ?? ''} ${messageOf(error)}`);
      return [];
    }
  });
  const entries = [...assets.roles.map((entry) => ({ ...entry, source: 'assets.roles' })), ...read];
  const stated = assets.profiles.map(({ role, PortProfiles, BenignDestinations }) => ({
    role,
    ports: PortProfiles,
    destinations: BenignDestinations.map(({ text }) => text),
  }));
  const profiles = [...stated, ...approved.filter(({ role }) => role !== '').map(profileOf)];
  const roles = roleBook(entries, profiles, assets.roles_from_notes);
  return { roles, entries, profiles, warnings };
}

/** The book that entries and profiles make. */
export function roleBook(
  entries: readonly RoleEntry[],
  profiles: readonly ProfileText[],
  trustsInventory = false,
): RoleBook {
  const made = profiles.map(({ role, ports, destinations }) => {
    return { role, ports: new Set(ports), destinations: addressSet(destinations) };
  });
  return new RoleBook(entries, made, trustsInventory);
}

function profileOf({ role, element, value }: BaselineEntry): ProfileText {
  return {
    role,
    ports: element === 'PortProfiles' ? [Number(value)] : [],
    destinations: element === 'BenignDestinations' ? [value] : [],
  };
}

function rolesOfFile({ file, ...columns }: AssetFileConfig, path: string): RoleEntry[] {
  if (statSync(path).size > LARGEST) throw new Error(`is larger than ${LARGEST >> 20} MiB`);
  const [head = '', ...lines] = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u);
  const heads = csvCells(head).map((cell) => cell.toLowerCase());
  const place = (name: string): number => heads.indexOf(name.toLowerCase());
  const [name, role, owner] = [place(columns.name_column), place(columns.role_column), place(columns.owner_column)];
  if (name < 0 || role < 0) {
    throw new Error(`has no column ${name < 0 ? columns.name_column : columns.role_column} in its first line`);
  }
  return lines.flatMap((line): RoleEntry[] => {
    const cells = csvCells(line);
    const [called = '', is = ''] = [cells[name], cells[role]];
    return called === '' || is === '' ? [] : [{ name: called, role: is, owner: cells[owner] ?? '', source: file }];
  });
}
