import { writeFileSync } from 'node:fs';

/** @web/test-runner reporter: writes the totals of all browsers as JSON to `path`. A file that broke counts as failed. */
export function webTestRunnerCounts(path) {
  return {
    onTestRunFinished({ sessions }) {
      const totals = { passed: 0, failed: 0, skipped: 0 };
      const count = (suite) => {
        for (const test of suite.tests) totals[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed']++;
        suite.suites.forEach(count);
      };
      for (const { testResults, errors } of sessions) {
        if (testResults) count(testResults);
        if (!testResults || errors.length > 0) totals.failed++;
      }
      writeFileSync(path, JSON.stringify(totals));
    },
  };
}
