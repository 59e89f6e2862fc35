import { z } from 'zod';
import { list, name, network, section } from './values';

const port = z.int().min(0).max(65_535);
const column = z.string().min(1);

const assetRole = z.strictObject({
  name: z
    .string()
    .min(1)
    .meta({ description: 'Name of a VM, host or device; * stands for any run of characters', example: 'proxy-*' }),
  role: name.meta({ description: 'What it is', example: 'proxy' }),
  owner: z.string().prefault('').describe('Who answers for it'),
});

const assetFile = z.strictObject({
  file: z.string().min(1).meta({
    description: 'CSV whose first line names its columns, such as an export of NetBox',
    example: 'assets.csv',
  }),
  name_column: column.prefault('name').describe('Column with the name of the machine'),
  role_column: column.prefault('role').describe('Column with its role'),
  owner_column: column.prefault('owner').describe('Column with who answers for it; may be missing'),
});

const roleProfile = z.strictObject({
  role: name.meta({ description: 'Role', example: 'backup' }),
  PortProfiles: list(port, [], 'Further ports on which encrypted or private protocols are expected from this role'),
  BenignDestinations: list(network, [], 'Destinations whose rhythm is expected from this role'),
});

/** What the site's machines are. */
export const assetsSection = section(
  {
    roles: list(assetRole, [], 'Roles of machines, by name'),
    roles_from_notes: z
      .boolean()
      .prefault(false)
      .describe('Take roles from the notes of VMs too (`role: web`): who may edit notes may then excuse a VM'),
    files: list(assetFile, [], 'Files that say so'),
    profiles: list(roleProfile, [], 'What a role may do that others may not'),
  },
  'What the machines of the site are (see docs/findings.md)',
);

export type AssetFileConfig = z.output<typeof assetFile>;
