// @ts-check
import { writeFileSync } from 'node:fs'

/** What failed at the first try, and where. @param {import('vitest').TestError | undefined} error */
const firstTry = (error) => {
  const { file, line } = error?.stacks?.at(-1) ?? {}
  return [error?.message ?? '', error?.diff ?? '', file ? `at ${file}:${line}` : ''].filter(Boolean).join('\n')
}

/** Tells the test runner what passed, failed and was skipped, with the reasons: REGIE_RESULTS names the file. */
export default class ResultsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest/node').SerializedError[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const file = process.env['REGIE_RESULTS']
    if (!file) return
    const all = modules.flatMap((module) => [...module.children.allTests()])
    const isLong = (/** @type {import('vitest/node').TestCase} */ test) => test.options.tags?.includes('long') === true
    const wasLeftOut = (/** @type {import('vitest/node').TestCase} */ test) =>
      test.result().state === 'skipped' && isLong(test) === (process.env['REGIE_TESTS'] === 'short')
    const tests = all.filter((test) => !wasLeftOut(test))
    const nameOf = (/** @type {import('vitest/node').TestCase} */ test) =>
      `${test.module.relativeModuleId} > ${test.fullName}`
    // A file that could not be loaded, or a hook that failed, has no failed test to show for it.
    const broken = modules.flatMap((module) =>
      [module, ...module.children.allSuites()].flatMap((part) =>
        part.errors().map((error) => ({ name: module.relativeModuleId, message: error.message })),
      ),
    )
    const results = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: [
        ...tests
          .filter((test) => test.result().state === 'failed')
          .map((test) => ({ name: nameOf(test), message: test.result().errors?.[0]?.message ?? '' })),
        ...broken,
        ...unhandled.map((error) => ({ name: 'an error outside every test', message: error.message })),
      ],
      skipped: tests.flatMap((test) => {
        const result = test.result()
        return result.state === 'skipped' ? [{ name: nameOf(test), reason: result.note ?? '' }] : []
      }),
      leftOut: all.filter((test) => isLong(test) && wasLeftOut(test)).length,
      told: tests.flatMap((test) => test.meta().told ?? []),
      flaky: tests
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => ({ name: nameOf(test), message: firstTry(test.result().errors?.[0]) })),
    }
    writeFileSync(file, JSON.stringify(results))
  }
}
