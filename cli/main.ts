#!/usr/bin/env node
import { nodeVersionFault } from './node-version';
import type * as Process from './process';

// Nothing else may load before this check, and the syntax of this file stays old: see node-version.ts.
const fault = nodeVersionFault(process.versions);
if (fault === undefined) {
  const { runProcess } = require('./process') as typeof Process;
  runProcess(function exit(code: number) {
    process.exit(code);
  });
} else {
  process.stderr.write(fault + '\n');
  process.exit(69);
}
