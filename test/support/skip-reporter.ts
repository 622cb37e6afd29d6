import { readFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

interface AllowedSkip {
  /** Part of the test's full name. */
  readonly test: string;
  readonly reason: string;
}

const allowed = JSON.parse(readFileSync(new URL('../allowed-skips.json', import.meta.url), 'utf8')) as AllowedSkip[];

/**
 * Says aloud which tests were skipped and why, fails the run for a skip that is not on the list, and closes it with the
 * true counts on a line of their own.
 */
// Vitest takes a reporter by its default export only.
// biome-ignore lint/style/noDefaultExport: see above
export default class SkipReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #skips = new Map<string, number>();
  readonly #refused: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state === 'passed') this.#counts.passed++;
    else if (state === 'failed') this.#counts.failed++;
    else {
      this.#counts.skipped++;
      const name = `${test.module.relativeModuleId} ${test.fullName}`;
      const entry = allowed.find(a => name.includes(a.test));
      if (entry) this.#skips.set(entry.reason, (this.#skips.get(entry.reason) ?? 0) + 1);
      else this.#refused.push(name);
    }
  }

  onTestRunEnd(
    modules: readonly {
      readonly state: () => string;
      readonly relativeModuleId: string;
      children: { allTests(): Iterable<unknown> };
    }[],
  ): void {
    for (const module of modules) {
      // A file that could not be loaded has no tests to count; it is a failure all the same.
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) this.#counts.failed++;
    }
    for (const [reason, count] of this.#skips) console.log(`skipped ${count}: ${reason}`);
    for (const name of this.#refused) console.log(`skipped without leave (not in test/allowed-skips.json): ${name}`);
    if (this.#refused.length > 0) process.exitCode = 1;
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${failed + this.#refused.length} failed, ${skipped - this.#refused.length} skipped`);
  }
}
