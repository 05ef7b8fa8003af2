import { describe, expect, test } from 'vitest'
import { judgeSampled, judgeSimilarity, slowerThanUsual, verdictOf } from '../../../electron/golden/judging'
import { heldOn } from '../../../electron/trial/vram'
import type { GoldenCheck, Gpu } from '../../../shared/contract'

const made = { prompt: 'x', seed: 42, width: 64, height: 64, steps: 8, family: 'z-image-turbo' }
const conditions = { model: 'm', version: '0.38.1', gpu: 'GPU-1' }
const checkOf = (warmMs: number, more: Partial<GoldenCheck> = {}): GoldenCheck => ({
  ...{ id: String(warmMs), serviceId: 's', trigger: 'daily', by: null, state: 'passed', startedAt: 0, finishedAt: 1 },
  ...{ progress: null, made, conditions, coldMs: null, warmMs, stepMs: null, vramMiB: null, vramTotalMiB: null },
  ...{ slowerPct: null, findings: [], hasPicture: false },
  ...more,
})

describe('how much slower than usual', () => {
  test('is told against the median of the last ten of the same conditions', () => {
    const before = [1000, 1040, 960, 5000].map((ms) => checkOf(ms))
    expect(slowerThanUsual(checkOf(1326), before)).toBe(30)
    const long = [...Array<number>(10).fill(1000), ...Array<number>(20).fill(9000)].map((ms) => checkOf(ms))
    expect(slowerThanUsual(checkOf(1500), long)).toBe(50)
  })

  test.each([
    ['model', { conditions: { ...conditions, model: 'other' } }],
    ['version', { conditions: { ...conditions, version: '0.39.0' } }],
    ['card', { conditions: { ...conditions, gpu: 'GPU-2' } }],
    ['size', { made: { ...made, width: 128 } }],
    ['seed', { made: { ...made, seed: 1 } }],
  ])('says nothing of checks with another %s', (_what, more) => {
    expect(slowerThanUsual(checkOf(2000), [checkOf(1000, more)])).toBe(null)
  })

  test('leaves out failed checks, and says nothing of one without a time', () => {
    expect(slowerThanUsual(checkOf(2000), [checkOf(10, { state: 'failed' }), checkOf(1000)])).toBe(100)
    expect(slowerThanUsual({ ...checkOf(1), warmMs: null }, [checkOf(1000)])).toBe(null)
  })
})

describe('whether an image was computed', () => {
  const asked = { steps: 8, caches: true }
  test.each([
    [{ cached: true, sampled: 8, tellsSteps: true }, asked, 'failed'],
    // Its sampler was answered from the cache, and what comes after it was not.
    [{ cached: false, sampled: 0, tellsSteps: true }, asked, 'failed'],
    [{ cached: false, sampled: 0, tellsSteps: false }, asked, 'skipped'],
    [{ cached: false, sampled: 0, tellsSteps: true }, { ...asked, caches: false }, 'skipped'],
    [{ cached: false, sampled: 8, tellsSteps: true }, asked, 'passed'],
  ] as const)('%j of %j is %s', (how, wanted, state) => {
    expect(judgeSampled(how, wanted).state).toBe(state)
  })
})

describe('the golden image', () => {
  const grey = new Uint8Array(64 * 64).map((_, at) => (at * 7) % 251)
  const measured = { width: 64, height: 64, brightness: 100, variation: 50, entropy: 7, grey }
  test('is not compared where there is none, or where it was made from something else', () => {
    expect(judgeSimilarity(made, { grey }, null)).toMatchObject({
      state: 'skipped',
      reason: { problem: 'golden.none' },
    })
    const other = { check: checkOf(1, { made: { ...made, steps: 4 } }), measured }
    expect(judgeSimilarity(made, { grey }, other)).toMatchObject({ reason: { problem: 'golden.other-settings' } })
  })
  test('that differs is a warning, and no failure', () => {
    const golden = { check: checkOf(1), measured: { ...measured, grey: grey.map((value) => 255 - value) } }
    const found = judgeSimilarity(made, { grey }, golden)
    expect(found).toMatchObject({ state: 'warning', limit: 0.92 })
    expect(verdictOf([found])).toBe('warning')
    expect(verdictOf([judgeSimilarity(made, { grey }, { check: checkOf(1), measured })])).toBe('passed')
  })
})

describe('what a service holds of a card', () => {
  const process = (serviceId: string | null, memoryMiB: number | null) => ({ pid: 1, name: 'p', memoryMiB, serviceId })
  const gpu = (memoryUsedMiB: number | null, processes: Gpu['processes']) => ({ memoryUsedMiB, processes }) as Gpu // all that is read
  test.each([
    ['what is used less what others hold', gpu(20_000, [process('s', 9000), process('t', 4000)]), 16_000],
    ['unknown where others’ is not told', gpu(20_000, [process('s', 9000), process(null, null)]), null],
    ['unknown where its process is not seen', gpu(20_000, [process('t', 4000)]), null],
    ['unknown where the card does not tell', gpu(null, [process('s', 1)]), null],
  ])('is %s', (_what, card, mib) => {
    expect(heldOn(card, 's')).toBe(mib)
  })
})
