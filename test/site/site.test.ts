import Database from 'better-sqlite3';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { replayFast } from './delivery/fast';
import { arrivals, evidenceOf } from './faults';
import { readAnswers } from './score/answers';
import { match } from './score/match';
import { makeSite, type Site } from './site';
import { telemetryOf } from './telemetry/telemetry';

const MINUTES = 60_000;
/** Sessions whose records are all out before the site's day ends. */
const told = (site: Site) => site.sessions.filter(({ end }) => end < site.duration - 30_000);

test('the same seed makes the same site, another seed another one', () => {
  const telemetry = (seed: number): string =>
    telemetryOf(makeSite(seed, { duration: 5 * MINUTES }))
      .map(({ bytes }) => bytes.toString('base64'))
      .join();
  expect(telemetry(4)).toBe(telemetry(4));
  expect(telemetry(4)).not.toBe(telemetry(5));
});

test('a site has three hypervisors, 40 to 60 VMs on them, and no two live translations alike', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { inventory, sessions } = makeSite(seed);
    expect(inventory.hosts).toHaveLength(3);
    expect(inventory.vms.length).toBeGreaterThanOrEqual(40);
    expect(inventory.vms.length).toBeLessThanOrEqual(60);
    expect(new Set(inventory.vms.map(({ adapter }) => adapter.mac)).size).toBe(inventory.vms.length);
    const held = inventory.vms.flatMap(({ vrf, adapter }) => adapter.addresses.map(({ ip }) => `${vrf} ${ip}`));
    expect(new Set(held).size).toBe(held.length);
    const live = new Map<string, number>();
    for (const { protocol, nat, start, end } of sessions) {
      if (nat === undefined) continue;
      const key = `${protocol} ${nat.ip} ${nat.port}`;
      expect(live.get(key) ?? -1).toBeLessThan(start);
      live.set(key, end);
    }
  }
});

describe.each(['asa', 'fortigate', 'junos', 'netfilter'] as const)(
  'a site behind a firewall of the kind %s',
  (firewall) => {
    const site = makeSite(6, { firewall, duration: 4 * MINUTES });
    const arrived = arrivals(site.seed, telemetryOf(site, { firewallLog: 'both' }), {});
    const replayed = replayFast(site, arrived);
    afterAll(() => replayed.remove());

    const rows = (sql: string): Record<string, unknown>[] => {
      const facts = new FactsDirectory(replayed.layout.facts);
      const found = facts.names().flatMap((name) => {
        const db = new Database(facts.path(name), { readonly: true });
        const all = db.prepare<[], Record<string, unknown>>(sql).all();
        db.close();
        return all;
      });
      facts.close();
      return found;
    };

    it('speaks so that nothing is rejected', () => {
      // Readers of what comes over SSH are judged by their own tests.
      expect(rows(`SELECT reason, detail FROM rejected WHERE reason <> 'ssh_unknown_platform'`)).toEqual([]);
    });

    it('has its translations read as they were', () => {
      const seen = rows(
        `SELECT DISTINCT src_ip, src_port, nat_src_ip, nat_src_port, dst_ip, dst_port FROM session_log
      WHERE nat_src_ip IS NOT NULL AND dst_ip IS NOT NULL`,
      ).map((row) => Object.values(row).join(' '));
      const meant = site.sessions.flatMap(({ client, clientPort, nat, server, serverPort }) =>
        nat === undefined ? [] : [[client, clientPort, nat.ip, nat.port, server, serverPort].join(' ')],
      );
      expect(seen.sort()).toEqual([...new Set(meant)].sort());
    });

    it('has every session listed, by both routers, and none that never happened', () => {
      const { matched, surplus } = match(site, readAnswers(replayed.layout.database), {});
      const legs = new Set(matched.map(({ truth, leg }) => `${truth.id} ${leg}`));
      expect(surplus).toEqual([]);
      for (const { id, path, nat } of told(site)) {
        if (path.includes('rt-core')) expect(legs).toContain(`${id} inside`);
        if (nat !== undefined) expect(legs).toContain(`${id} outside`);
      }
    });

    it('tells of every session what its telemetry can prove', () => {
      const evidence = evidenceOf(arrived);
      for (const { id, path, nat, rule } of told(site)) {
        if (path.includes('rt-core')) expect(evidence.get(id)).toContain('flow-inside');
        if (nat !== undefined) expect(evidence.get(id)).toContain('nat-log');
        if (rule !== undefined) expect(evidence.get(id)).toContain('rule-log');
      }
    });
  },
);
