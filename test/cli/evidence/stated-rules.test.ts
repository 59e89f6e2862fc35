import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../../cli/config/schema';
import { dataLayout } from '../../../cli/data-layout';
import { rulesInForce, stageRules } from '../../../cli/pipeline/pack-rules';
import { openAnalysisForReading } from '../../../store/analysis/analysis-db';
import { Scope } from '../../../store/evidence/scope';
import { mmdb } from '../pipeline/mmdb-writer';
import { PackSite } from './pack-site';

let site: PackSite;
beforeAll(() => {
  site = new PackSite();
});
afterAll(() => site.remove());

test('roles of owners and places of destinations are stated, as far as the pack needs them, and make the same rules', () => {
  const db = openAnalysisForReading(join(site.data, 'ascribe.db'));
  const scope = new Scope();
  try {
    const [first] = db.prepare('SELECT id, dst_ip AS dst FROM session ORDER BY id LIMIT 1').all() as {
      id: string;
      dst: string;
    }[];
    scope.addSession(first!.id);
    const { name, host } = db.prepare('SELECT name, host FROM verdict_owner WHERE session = ?').get(first!.id) as {
      name: string;
      host: string;
    };
    writeFileSync(
      site.path('asn.mmdb'),
      mmdb(
        'GeoLite2-ASN',
        {
          [`${first!.dst}/32`]: { autonomous_system_number: 64_500 },
          '192.0.2.0/24': { autonomous_system_number: 64_501 },
        },
        0,
      ),
    );
    const config = configSchema.parse({
      assets: {
        roles: [
          { name, role: 'proxy', owner: 'web team' },
          { name: 'somebody-else', role: 'other' },
        ],
        profiles: [
          { role: 'proxy', PortProfiles: [8443], BenignDestinations: ['203.0.113.0/24'] },
          { role: 'other', PortProfiles: [22] },
        ],
      },
      destinations: { databases: [{ name: 'asn', file: 'asn.mmdb' }] },
    });
    const sources = { casework: dataLayout(site.data).casework, lists: [], directory: site.folder };
    const stated: unknown = JSON.parse(JSON.stringify(rulesInForce(db, scope, config, sources)));
    expect(stated).toMatchObject({
      roles: { entries: [{ name, role: 'proxy', owner: 'web team' }], profiles: [{ role: 'proxy', ports: [8443] }] },
      places: [{ address: first!.dst, asn: 64_500, databases: ['asn'] }],
    });
    const { values } = stageRules(stated, () => ({})).findings;
    expect([...values.roles.rolesOf({ name, host })]).toEqual(['proxy']);
    expect(values.roles.allowsPort({ name, host }, 8443)).toBe(true);
    expect(values.roles.allowsDestination({ name, host }, 'CB007105')).toBe(true);
    expect(values.places.placeOf(first!.dst)).toMatchObject({ asn: 64_500 });
    expect(values.places.placeOf('192.0.2.1')).toBeUndefined();
  } finally {
    scope.close();
    db.close();
  }
});
