import { runProcess } from '../../cli/process';

/** Runs one command line of ascribe and tells its parent what it took. */
runProcess((code) => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.exitCode = code;
  process.send?.({ code, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 }, () =>
    process.disconnect(),
  );
});
