import { IOS_XE } from '../normalizer/config/samples.data';
import { ascribe, isBuilt } from './ascribe-process';

/** `parse config`, as a shell runs it. */

const here = isBuilt ? test : test.skip;

function objects(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

here('a configuration from standard input, its platform recognised, no secret in the output', () => {
  const { status, stdout } = ascribe(
    ['parse', 'config', '-', '--device', 'edge1', '--received-at', '2026-11-24T02:00:00Z'],
    { input: IOS_XE },
  );
  expect(status).toBe(0);
  expect(stdout).not.toContain('S3cr3t');
  const facts = objects(stdout);
  expect(facts[0]).toMatchObject({ 'event.action': 'config_read', 'host.hostname': 'edge1', 'observer.name': 'edge1' });
  expect(facts.filter((fact) => fact['ascribe.fact'] === 'config_line')).toHaveLength(IOS_XE.split('\n').length - 1);
  expect(facts.find((fact) => fact['ascribe.value'] === 'tcp:192.0.2.72:6514')).toMatchObject({
    'ascribe.relation': 'config-endpoint',
    'ascribe.config.purpose': 'syslog',
    'ascribe.config.text': 'logging host 192.0.2.72 transport tls profile T',
  });
});

here('a state table, guessed by what can be read of it', () => {
  const input = 'Internet  10.1.1.5  0  0200.5e00.5305  ARPA  Vlan1\n';
  const { status, stdout } = ascribe(['parse', 'config', '-', '--profile', 'cisco_ios'], { input });
  expect(status).toBe(0);
  expect(objects(stdout)[0]).toMatchObject({
    'ascribe.relation': 'ip-mac',
    'ascribe.key': '10.1.1.5',
    'ascribe.value': '02:00:5e:00:53:05',
  });
});

here('what cannot be told, and what is no platform, is wrong usage', () => {
  expect(ascribe(['parse', 'config', '-'], { input: 'hello\n' })).toMatchObject({ status: 2 });
  const { status, stderr } = ascribe(['parse', 'config', '-', '--profile', 'vax'], { input: 'hello\n' });
  expect(status).toBe(2);
  expect(stderr).toContain('cisco_ios');
});
