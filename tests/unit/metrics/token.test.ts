import { describe, expect, it } from 'vitest'
import { createMetricsTokens } from '../../../electron/metrics'

function tokens(auditFirst: () => Promise<void> = () => Promise.resolve()) {
  let stored: unknown
  let now = 1000
  const actions: string[] = []
  const made = createMetricsTokens({
    store: { read: () => stored, write: (kept) => (stored = kept) },
    auditFirst: ({ action }) => auditFirst().then(() => void actions.push(action)),
    now: () => (now += 1),
  })
  return { made, actions, stored: () => stored, put: (kept: unknown) => (stored = kept) }
}

describe('the token for the metrics', () => {
  it('opens once it is made, and is kept as a hash alone', async () => {
    const { made, actions, stored } = tokens()
    expect(made.read()).toEqual({ madeAt: null, usedAt: null })
    expect(made.opens('regie_metrics_')).toBe(false)
    const { token, madeAt } = await made.make('admin')
    expect(madeAt).toBe(1001)
    expect(JSON.stringify(stored())).not.toContain(token.slice('regie_metrics_'.length))
    expect(made.opens(token)).toBe(true)
    expect(made.opens(`${token}x`)).toBe(false)
    expect(made.opens(token.slice('regie_metrics_'.length))).toBe(false)
    expect(made.read().usedAt).not.toBeNull()
    expect(actions).toEqual(['metrics.token-made'])
  })

  it('ends when another is made, and when it is ended', async () => {
    const { made, actions } = tokens()
    const first = await made.make('admin')
    const second = await made.make('admin')
    expect([made.opens(first.token), made.opens(second.token)]).toEqual([false, true])
    expect(await made.end('admin')).toEqual({ madeAt: null, usedAt: null })
    expect(made.opens(second.token)).toBe(false)
    await made.end('admin')
    expect(actions).toEqual(['metrics.token-made', 'metrics.token-made', 'metrics.token-ended'])
  })

  it('is not made where that cannot be noted', async () => {
    const { made, stored } = tokens(() => Promise.reject(new Error('the disk is full')))
    await expect(made.make('admin')).rejects.toThrow('the disk is full')
    expect(stored()).toBeUndefined()
  })

  it('opens nothing where the file holds something else', () => {
    const { made, put } = tokens()
    for (const kept of [null, {}, { hash: '', madeAt: 1 }, { hash: 'zz'.repeat(32), madeAt: 1 }, 'regie_metrics_x']) {
      put(kept)
      expect(made.opens('regie_metrics_x')).toBe(false)
      expect(made.read().madeAt).toBeNull()
    }
  })
})
