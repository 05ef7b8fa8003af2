import { ORPCError } from '@orpc/client'
import { describe, expect, it, vi } from 'vitest'
import { follow } from '../../../renderer/api/stream'

async function* stream(events: number[], failure?: Error) {
  for (const event of events) {
    await Promise.resolve()
    yield event
  }
  if (failure) throw failure
}

describe('a followed stream', () => {
  it('is opened again after a cut and goes on', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const cuts = vi.fn()
    let opened = 0
    await follow({
      open: () => Promise.resolve(++opened === 1 ? stream([1], new Error('cut')) : stream([2, 3])),
      onEvent: (event: number) => {
        seen.push(event)
        if (event === 3) controller.abort()
      },
      onCut: cuts,
      signal: controller.signal,
    })
    expect([seen, opened, cuts.mock.calls.length]).toEqual([[1, 2, 3], 2, 1])
  })

  it('is not opened again when the panel refuses it', async () => {
    const refused = vi.fn()
    const open = vi.fn(() => Promise.reject(new ORPCError('NOT_FOUND')))
    await follow({ open, onEvent: vi.fn(), onRefused: refused, signal: new AbortController().signal })
    expect([open.mock.calls.length, refused.mock.calls.length]).toEqual([1, 1])
  })

  it('is not opened again after its own end when it is one that ends', async () => {
    const open = vi.fn(() => Promise.resolve(stream([1])))
    await follow({ open, onEvent: vi.fn(), ends: true, signal: new AbortController().signal })
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('is never opened when nobody wants it any more', async () => {
    const open = vi.fn(() => Promise.resolve(stream([1])))
    await follow({ open, onEvent: vi.fn(), signal: AbortSignal.abort() })
    expect(open).not.toHaveBeenCalled()
  })
})
