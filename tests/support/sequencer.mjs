// @ts-check
import { BaseSequencer } from 'vitest/node'

/** @typedef {import('vitest/node').TestSpecification} TestSpecification */

/** Files that wait long for engines, kills and restarts. One of them begun last would run alone at the end. */
const waitLong = /[\\/]integration[\\/](docker|rotation|doctor|conformance)[\\/]/

const isLong = (/** @type {TestSpecification} */ { moduleId }) => waitLong.test(moduleId)

/** The order of files: those that wait long first, the others fill what they leave of the machine. */
export class LongFirst extends BaseSequencer {
  /**
   * @override
   * @param {TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
