import { encodeSnmpRecord, SNMP_TAG, type SnmpTableRecord } from '../../../collectors/snmp/snmp-record';
import { TABLE_PLANS } from '../../../collectors/snmp/poller/device-plans.data';
import { Catalogue } from '../../../normalizer/snmp/catalogue';
import { readRecord, TAG } from '../../../normalizer/snmp/record';
import { bodies, SnmpWorld } from './snmp-world';

describe('what the collector writes', () => {
  const record: SnmpTableRecord = {
    kind: 'table',
    table: 'ifXTable',
    roots: ['1.3.6.1.2.1.31.1.1.1.1'],
    deviceClass: 'switch',
    version: 'v3',
    startedAt: 1,
    finishedAt: 2,
    complete: true,
    reason: '',
    detail: '',
    engineId: '80001f8880aabb',
    context: 'vlan-10',
    varbinds: [['1.3.6.1.2.1.31.1.1.1.1.7', SNMP_TAG.octetString, '4769312f302f37']],
  };

  it('is what the normalizer reads', () => {
    const { kind, table, complete, reason, context, engineId, varbinds, startedAt } = record;
    const read = { kind, table, complete, reason, context, engineId, varbinds, startedAt, malformed: 0 };
    expect(readRecord(encodeSnmpRecord(record))).toEqual(read);
    expect(bodies(new SnmpWorld().bytes(encodeSnmpRecord(record)), 'inventory')).toEqual([
      { kind: 'interface', id: '7', name: 'Gi1/0/7' },
    ]);
  });

  it('has the same tags', () => {
    const { integer, octetString, oid, ipAddress, counter32, gauge32, timeTicks, opaque, counter64 } = SNMP_TAG;
    const tags = { integer, octets: octetString, oid, ipAddress, counter32, gauge32, timeTicks, opaque, counter64 };
    expect(TAG).toEqual(tags);
  });

  it('is all in the catalogue: no table is read in vain', () => {
    const catalogue = new Catalogue();
    const roots = Object.values(TABLE_PLANS).flatMap(({ roots: columns }) => [...columns]);
    expect(roots.filter((root) => catalogue.object(root) === undefined)).toEqual([]);
  });
});
