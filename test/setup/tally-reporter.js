'use strict';

/** Prints `N passed, N failed, N skipped` as the very last line; a suite that did not load counts as one failure. */
module.exports = class TallyReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((suite) => suite.testExecError).length;
    const failed = results.numFailedTests + broken;
    const skipped = results.numPendingTests + results.numTodoTests;
    // Jest's own summary comes after every reporter, so wait for the end of the process.
    process.once('exit', () => {
      process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
};
