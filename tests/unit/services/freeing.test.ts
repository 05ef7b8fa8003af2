import { describe, expect, it } from 'vitest'
import type { GpuReport, Service } from '../../../shared/contract'
import { freeMeasured, judgeFreeing } from '../../../electron/services/freeing'
import { cardOf } from '../../support/cards'

const seen = (process: number | null, service: number | null, card: number | null = null) => ({
  ...{ process, service, card },
})

describe('what freeing gave back', () => {
  it.each([
    ['by its processes', seen(9_000, 8_400), seen(600, 0), 8_400, 600, 600, 'process', true, 'memory.freed-left'],
    ['nearly all', seen(9_000, 8_400), seen(300, 0), 8_700, 300, 300, 'process', false, 'memory.freed'],
    ['nothing but a context', seen(1_130, 0), seen(1_126, 0), 4, 1_126, 1_126, 'process', true, 'memory.context'],
    ['while it works', seen(9_000, 8_400), seen(9_000, 8_400), 0, 9_000, 600, 'process', true, 'memory.kept'],
    ['by its own word', seen(null, 8_400), seen(null, 0), 8_400, 0, null, 'service', false, 'memory.freed'],
    ['nothing held', seen(null, 0), seen(null, 0), 0, 0, null, 'service', false, 'memory.held-nothing'],
    ['by the card', seen(null, null, 9_000), seen(null, null, 2_000), 7_000, null, null, 'card', false, 'memory.freed'],
    ['unmeasured', seen(null, null), seen(null, null), null, null, null, null, false, 'memory.unmeasured'],
    ['no word after it', seen(null, 800), seen(null, null), null, null, null, null, false, 'memory.unmeasured'],
    ['more than before', seen(500, 0), seen(700, 0), 0, 700, 700, 'process', true, 'memory.context'],
  ] as const)('%s', (_, before, after, freedMiB, leftMiB, contextMiB, measuredBy, restartHelps, problem) => {
    expect(judgeFreeing('comfyui', before, after)).toMatchObject({
      ...{ freedMiB, leftMiB, contextMiB, measuredBy, restartHelps },
      words: { problem },
    })
  })

  it('tells sizes in GiB, to a tenth', () => {
    expect(judgeFreeing('comfyui', seen(7_475, null), seen(1_126, null)).words.params).toEqual({
      ...{ id: 'comfyui', freed: 6.2, left: 1.1 },
    })
  })
})

/** A card on which one process of the service holds as much as is said next; the last is said again. */
function falling(...held: number[]) {
  let at = 0
  const report = (): GpuReport => {
    const mib = held[Math.min(at++, held.length - 1)] ?? 0
    const processes = [{ pid: 1, name: 'python', memoryMiB: mib, serviceId: 'comfyui' }]
    return { state: 'live', sampledAt: 0, gpus: [cardOf({ memoryUsedMiB: mib, processes })] }
  }
  return { report, looks: () => at }
}

const service = {} as Service // passed through as it is
const timing = { withinMs: 400, everyMs: 1 }

describe('freeing, measured', () => {
  const ports = (card: ReturnType<typeof falling>) => ({
    unload: () => Promise.resolve(service),
    measure: () => Promise.resolve(card.report()),
    devices: () => Promise.resolve(null),
    card: () => null,
  })

  it('waits until the card gives back no more', async () => {
    const card = falling(9_000, 9_000, 8_000, 4_000, 300)
    const { freed } = await freeMeasured('comfyui', ports(card), new AbortController().signal, timing)
    expect(freed).toMatchObject({ freedMiB: 8_700, leftMiB: 300, measuredBy: 'process' })
  })

  it('ends when its time is up, and says what it saw', async () => {
    const card = falling(9_000)
    const { freed } = await freeMeasured('comfyui', ports(card), new AbortController().signal, timing)
    expect(freed).toMatchObject({ freedMiB: 0, leftMiB: 9_000, words: { problem: 'memory.kept' } })
    expect(freed.tookMs).toBeLessThan(5_000)
  })

  it('passes on that it cannot be unloaded', async () => {
    const refuses = { ...ports(falling(1)), unload: () => Promise.reject(new Error('refused')) }
    await expect(freeMeasured('comfyui', refuses, new AbortController().signal, timing)).rejects.toThrow('refused')
  })
})
