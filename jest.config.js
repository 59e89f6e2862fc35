'use strict';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Many tests wait for other programs: two files side by side keep two cores busy.
  maxWorkers: 2,
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/setup/fast-check.js' },
  // A busy machine is slow, not wrong: only what hangs may fail by its time.
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/setup/require-node.js',
  reporters: ['default', '<rootDir>/test/setup/tally-reporter.js'],
  collectCoverageFrom: ['{collectors,normalizer,store,attribution,forwarders,cli}/**/*.ts'],
  coverageProvider: 'babel',
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
