import { Progress } from '../../../cli/output/progress';
import { CapturedStream } from '../support/run';

function progress(tty: boolean, silent = false, columns = 80) {
  const stream = new CapturedStream(tty, columns);
  let now = 0;
  const bar = new Progress({ stream, silent, label: 'verify\u001b[2J', total: 200, clock: () => now });
  return { stream, bar, after: (ms: number, done: number) => ((now += ms), bar.update(done)) };
}

describe('progress', () => {
  it('redraws one line on a terminal, ten times a second at most, and clears it', () => {
    const { stream, bar, after } = progress(true);
    after(50, 10);
    expect(stream.text).toBe('');
    after(50, 50);
    expect(stream.text).toBe('\r\u001b[Kverify\\u{1b}[2J  [######..................] 25 %  50 of 200  300 ms left');
    after(10, 60);
    bar.finish();
    expect(stream.text.split('\r')).toHaveLength(3);
    expect(stream.text.endsWith('\r\u001b[K')).toBe(true);
  });

  it('stays within a narrow terminal', () => {
    const { stream, after } = progress(true, false, 20);
    after(100, 100);
    expect(stream.text).toBe(`\r\u001b[K${'verify\\u{1b}[2J  [##'.slice(0, 18)}…`);
  });

  it('writes a line every five seconds elsewhere, without control sequences', () => {
    const { stream, bar, after } = progress(false);
    for (let i = 1; i <= 110; i++) after(100, i);
    bar.finish();
    expect(stream.text).not.toMatch(/[\r\u001b]/u);
    expect(stream.text.trim().split('\n')).toHaveLength(2);
  });

  it('is silent when asked', () => {
    const { stream, bar, after } = progress(true, true);
    after(10_000, 100);
    bar.finish();
    expect(stream.text).toBe('');
  });

  it('shows amount and rate when the total is unknown', () => {
    const stream = new CapturedStream(false);
    let now = 0;
    const bar = new Progress({ stream, silent: false, label: 'import', clock: () => now });
    now = 5000;
    bar.update(50_000);
    expect(stream.text).toBe('import  50 000  10 000 /s  5.0 s\n');
  });
});
