'use strict';

/*
 * Lets a child process of a test run the TypeScript sources as they are: `node -r test/setup/ts-hook.js child.ts`.
 * The output is kept under node_modules/.cache by content, because tests start such children by the hundred.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { extname, join } = require('node:path');
const Module = require('node:module');

const cache = join(__dirname, '../../node_modules/.cache/ascribe-ts-hook');

function compile(source, path) {
  const { transformSync } = require('@swc/core');
  return transformSync(source, {
    filename: path,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: false,
    configFile: false,
    swcrc: false,
  }).code;
}

function compiled(path) {
  const source = readFileSync(path, 'utf8');
  const kept = join(cache, `${createHash('sha256').update(path).update('\0').update(source).digest('hex')}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const code = compile(source, path);
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
    return code;
  }
}

Module._extensions['.ts'] = (module, path) => {
  if (extname(path) !== '.ts') throw new Error(`not TypeScript: ${path}`);
  module._compile(compiled(path), path);
};
