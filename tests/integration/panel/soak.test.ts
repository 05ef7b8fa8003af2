import { beforeAll, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { soak } from '../../soak/main'

beforeAll(ensureBuilt, 120_000)

it('a panel that is used as people do refuses nothing, for six seconds', async () => {
  const { done, growth, rssMiB } = await soak({ minutes: 0.1, load: 10 })
  expect([...done.failed]).toEqual([])
  for (const count of [done.generations, done.rotations, done.questions, done.requests, done.events])
    expect(count).toBeGreaterThan(0)
  expect(rssMiB.most).toBeGreaterThan(0)
  expect(Number.isFinite(growth)).toBe(true)
})
