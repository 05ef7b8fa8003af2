import { expect, test } from 'vitest'
import { memoryLimitGiB } from '../../../electron/stacks/memory'

test.each([
  [null, 30, null],
  [0, 30, null],
  // The models and the program, where the machine has that.
  [128, 30, 46],
  [64, 30, 46],
  // Else what it has, less 4 GiB or a tenth.
  [48, 30, 43],
  [32, 30, 28],
  [16, 7, 12],
  // A small one gives a half.
  [6, 7, 3],
  [1, 7, 1],
])('a machine with %s GiB gives a stack with %s GiB of models %s GiB', (total, models, limit) => {
  expect(memoryLimitGiB(total === null ? null : total * 2 ** 30, models)).toBe(limit)
})
