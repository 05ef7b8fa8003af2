import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { describeApi } from '../../../electron/http/openapi'
import { problems } from '../../../shared/problems'
import { shapeOf } from './api-shape'

const cases = path.resolve(import.meta.dirname, '../../cases/api')

// The list of 0.7.0 holds every line of those of 0.2.0, 0.4.0, 0.5.0 and 0.6.0, which it replaced. Paths and Problem codes stay, and so does every field that a script may read or send: scripts of people hang on them.
test.each(['0.7.0'])('what %s promised over REST is still there', async (version) => {
  const promised = readFileSync(path.join(cases, `${version}.txt`), 'utf8')
    .split('\n')
    .filter(Boolean)
  const here = new Set([...shapeOf(await describeApi('now')), ...Object.keys(problems).map((id) => `problem ${id}`)])

  expect(promised.length).toBeGreaterThan(1_000)
  expect(promised.filter((line) => !here.has(line))).toEqual([])
})
