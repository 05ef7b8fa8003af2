import { describe, expect, test, vi } from 'vitest'
import { createTurns, gpuOf } from '../../../electron/services/start-order'
import { heldBy } from '../../../electron/services/vram-memory'
import type { Gpu, ServiceConfig } from '../../../shared/contract'

const config = (runtime: ServiceConfig['runtime'], gpuUuid?: string): ServiceConfig => ({
  id: 'one',
  kind: 'comfyui',
  runtime,
  url: 'http://127.0.0.1:8188',
  ...(gpuUuid === undefined ? {} : { gpuUuid }),
})

describe('the GPU that a service will use', () => {
  const [first, second] = [{ uuid: 'GPU-1' }, { uuid: 'GPU-2' }]
  test.each<[what: string, config: ServiceConfig, gpus: { uuid: string }[], gpu: string | null]>([
    ['the one that it was given', config('compose', 'GPU-2'), [first], 'GPU-2'],
    ['the only one', config('process'), [first], 'GPU-1'],
    ['not known with two to choose from', config('compose'), [first, second], null],
    ['not known without any', config('compose'), [], null],
    ['none for a simulator', config('simulator'), [first], null],
    ['none for what others run', config('external'), [first], null],
  ])('is %s', (_, service, gpus, gpu) => {
    expect(gpuOf(service, gpus)).toBe(gpu)
  })
})

describe('turns on a GPU', () => {
  const never = new AbortController().signal
  const quiet = { signal: never, onWait: () => undefined }

  test('one after the other on the same, at once on another', async () => {
    const turns = createTurns()
    const began: string[] = []
    const start = async (id: string, gpu: string) => {
      const end = await turns.take(id, gpu, quiet)
      began.push(id)
      return end
    }
    const [a, b, c, other] = [start('a', 'g'), start('b', 'g'), start('c', 'g'), start('other', 'h')]
    const endA = await a
    await other
    expect(began).toEqual(['a', 'other'])
    expect(turns.ahead('c', 'g')).toEqual(['a', 'b'])
    expect(turns.ahead('new', 'g')).toEqual(['a', 'b', 'c'])
    expect(turns.ahead('new', null)).toEqual([])

    endA()
    const endB = await b
    endA() // a second time changes nothing
    expect(began).toEqual(['a', 'other', 'b'])
    endB()
    const endC = await c
    endC()

    expect(turns.ahead('new', 'g')).toEqual([])
  })

  test('who gives up leaves the line, and is told for whom it waited', async () => {
    const turns = createTurns()
    const end = await turns.take('a', 'g', quiet)
    const cancel = new AbortController()
    const onWait = vi.fn()
    const b = turns.take('b', 'g', { signal: cancel.signal, onWait })
    const c = turns.take('c', 'g', quiet)

    cancel.abort(new Error('enough'))

    await expect(b).rejects.toThrow('enough')
    expect(onWait).toHaveBeenCalledExactlyOnceWith(['a'])
    expect(turns.ahead('c', 'g')).toEqual(['a'])
    end()
    ;(await c)()
  })

  test('one that neither gets ready nor fails holds the line no longer than its bound', async () => {
    const turns = createTurns({ boundMs: 20 })
    await turns.take('stuck', 'g', quiet)

    const end = await turns.take('next', 'g', quiet)

    expect(turns.ahead('new', 'g')).toEqual(['next'])
    end()
  })
})

describe('the VRAM that a service holds', () => {
  const gpu = (...processes: Gpu['processes']) => ({ uuid: 'GPU-1', processes }) as Gpu // what else it has is not read
  const by = (serviceId: string | null, memoryMiB: number | null) => ({ pid: 1, name: 'python', memoryMiB, serviceId })

  test('is the sum over its processes, and unknown where the driver does not tell', () => {
    expect(heldBy('a', [gpu(by('a', 100), by('b', 7), by('a', 20))])).toBe(120)
    expect(heldBy('a', [gpu(by('b', 7), by(null, 5))])).toBeNull()
    expect(heldBy('a', [gpu(by('a', 100), by('a', null))])).toBeNull()
  })
})
