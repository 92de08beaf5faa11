import { writeFileSync } from 'node:fs';

/**
 * Writes the runner's own counts to the file that TEST_SUMMARY names. A test file that could not run at
 * all, a hook that failed and a fault outside any test count as one failed test each.
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.TEST_SUMMARY;
    if (file === undefined) return;
    const states = modules.flatMap(({ children }) =>
      [...children.allTests()].map((test) => test.result().state),
    );
    const count = (wanted) => states.filter((state) => state === wanted).length;
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.reduce((sum, suite) => sum + suite.errors().length, 0);
    const failed = count('failed') + broken + unhandledErrors.length;
    writeFileSync(file, `${count('passed')} passed, ${failed} failed\n`);
  }
}
