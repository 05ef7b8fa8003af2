import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { afterFrame } from '../../../renderer/ui/after-frame'

let frames: Map<number, () => void>

beforeEach(() => {
  vi.useFakeTimers()
  frames = new Map()
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    frames.set(frames.size + 1, run)
    return frames.size
  })
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id))
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const showFrame = () => frames.forEach((run) => run())

test('works once the frame is shown, not in it', () => {
  const work = vi.fn()
  afterFrame(work)
  vi.runAllTimers()
  expect(work).not.toHaveBeenCalled()
  showFrame()
  expect(work).not.toHaveBeenCalled()
  vi.runAllTimers()
  expect(work).toHaveBeenCalledOnce()
})

test('can be left undone before the frame and after it', () => {
  const work = vi.fn()
  afterFrame(work)()
  showFrame()
  vi.runAllTimers()
  const leave = afterFrame(work)
  showFrame()
  leave()
  vi.runAllTimers()
  expect(work).not.toHaveBeenCalled()
})
