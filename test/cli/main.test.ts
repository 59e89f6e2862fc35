import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeVersionFault } from '../../cli/node-version';

const main = join(__dirname, '../../dist/cli/main.js');
const built = existsSync(main) ? it : it.skip;

describe('the Node it runs on', () => {
  it.each([
    ['22.14.0', '10', undefined],
    ['22.22.3', '10', undefined],
    ['24.0.0', '10', undefined],
    ['26.1.0', '10', undefined],
    ['22.13.1', '9', 'ascribe needs Node 22.14 or newer; this is Node 22.13.1'],
    ['20.20.2', '9', 'ascribe needs Node 22.14 or newer; this is Node 20.20.2'],
    ['23.0.0', '9', 'ascribe needs Node 22.14 or newer; this is Node 23.0.0'],
    ['4.9.1', undefined, 'ascribe needs Node 22.14 or newer; this is Node 4.9.1'],
  ])('%s with Node-API %s', (node, napi, expected) => {
    expect(nodeVersionFault({ node, napi })).toBe(expected);
  });

  built('is told in one line, exit 69, before anything else loads', () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0', napi: '9' } });
      require(process.argv[1]); setImmediate(() => console.log('loaded on'));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', old, main], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 69,
      stdout: '',
      stderr: 'ascribe needs Node 22.14 or newer; this is Node 20.1.0\n',
    });
  });
});

describe('the program', () => {
  built('exits with the code of the command', () => {
    expect(spawnSync(process.execPath, [main, 'version']).status).toBe(0);
    expect(spawnSync(process.execPath, [main, 'nonsense']).status).toBe(2);
  });

  built('writes a long answer whole into a pipe', () => {
    const { stdout } = spawnSync(process.execPath, [main, 'check', '--schema'], { encoding: 'utf8', cwd: '/' });
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object' });
  });

  built('ends quietly when its reader has gone', async () => {
    const child = spawn(process.execPath, [main, 'completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
