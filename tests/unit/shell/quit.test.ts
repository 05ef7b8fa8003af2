import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { stopBeforeQuit } from '../../../electron/shell/quit'
import { until } from '../../support/until'

/** The part of Electron's app that ends a program: `quit` asks everybody, then the program is gone. */
class Program extends EventEmitter {
  ended = false
  quit() {
    let prevented = false
    this.emit('will-quit', {
      preventDefault: () => {
        prevented = true
      },
    })
    this.ended = !prevented
  }
}

const start = (stop: () => Promise<void>, deadlineMs = 5_000) => {
  const program = new Program()
  const failed = vi.fn()
  // stopBeforeQuit uses nothing of App but `on` and `quit`.
  stopBeforeQuit(program as unknown as Electron.App, { stop, failed, deadlineMs })
  return { program, failed }
}

describe('quitting', () => {
  it('ends the program after everything has stopped, not before', async () => {
    let finish: () => void = () => undefined
    const { program } = start(() => new Promise((resolve) => (finish = resolve)))

    program.quit()
    expect(program.ended).toBe(false)
    finish()

    await until('the program to end', () => program.ended)
  })

  it('stops once, however often it is asked', async () => {
    const stop = vi.fn(() => Promise.resolve())
    const { program } = start(stop)

    program.quit()
    program.quit()

    await until('the program to end', () => program.ended)
    expect(stop).toHaveBeenCalledOnce()
  })

  it('ends at the deadline, and tells', async () => {
    const { program, failed } = start(() => new Promise(() => undefined), 30)

    program.quit()

    await until('the program to end', () => program.ended)
    expect(failed).toHaveBeenCalledWith(new Error('not stopped after 30 ms'))
  })

  it('ends when stopping failed, and tells', async () => {
    const failure = new Error('a child refused')
    const { program, failed } = start(() => Promise.reject(failure))

    program.quit()

    await until('the program to end', () => program.ended)
    expect(failed).toHaveBeenCalledWith(failure)
  })
})
