// @ts-check
import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** Tells the test runner what passed, failed and was skipped, with the reasons: REGIE_RESULTS names the file. */
export default class ResultsReporter {
  /** @type {import('playwright/types/testReporter').Suite | undefined} */
  #suite
  /** @type {{ name: string, message: string }[]} */
  #errors = []

  /**
   * @param {import('playwright/types/testReporter').FullConfig} _config
   * @param {import('playwright/types/testReporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite
  }

  /** @param {import('playwright/types/testReporter').TestError} error */
  onError(error) {
    this.#errors.push({ name: 'an error outside every test', message: error.message ?? error.value ?? '' })
  }

  onEnd() {
    const file = process.env['REGIE_RESULTS']
    if (!file) return
    const all = this.#suite?.allTests() ?? []
    const wasLeftOut = (/** @type {import('playwright/types/testReporter').TestCase} */ test) =>
      test.outcome() === 'skipped' && test.tags.includes('@long') && process.env['REGIE_TESTS'] === 'short'
    const tests = all.filter((test) => !wasLeftOut(test))
    const nameOf = (/** @type {import('playwright/types/testReporter').TestCase} */ test) =>
      `${path.basename(test.location.file)} > ${test.titlePath().slice(3).join(' > ')}`
    const results = {
      passed: tests.filter((test) => test.outcome() === 'expected' || test.outcome() === 'flaky').length,
      failed: [
        ...tests
          .filter((test) => test.outcome() === 'unexpected')
          .map((test) => ({ name: nameOf(test), message: test.results.at(-1)?.error?.message ?? '' })),
        ...this.#errors,
      ],
      skipped: tests
        .filter((test) => test.outcome() === 'skipped')
        .map((test) => {
          const notes = [...test.annotations, ...test.results.flatMap((result) => result.annotations)]
          return { name: nameOf(test), reason: notes.find((note) => note.type === 'skip')?.description ?? '' }
        }),
      leftOut: all.length - tests.length,
      flaky: tests
        .filter((test) => test.outcome() === 'flaky')
        .map((test) => ({ name: nameOf(test), message: test.results[0]?.error?.message ?? '' })),
    }
    writeFileSync(file, JSON.stringify(results))
  }

  printsToStdio() {
    return false
  }
}
