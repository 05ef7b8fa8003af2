import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clipboardLastsMs, createDesktopSecrets } from '../../../electron/shell/secrets'

/** A clipboard and two windows that remember how they stand. */
function desktop() {
  const state = { text: 'before', isProtected: [false, false], isShut: false }
  const secrets = createDesktopSecrets({
    clipboard: {
      readText: () =>
        state.isShut ? Promise.reject(new Error('held by another program')) : Promise.resolve(state.text),
      writeText: (text) => Promise.resolve(void (state.text = text)),
      clear: () => void (state.text = ''),
    },
    windows: () => [0, 1].map((at) => ({ setContentProtection: (on) => void (state.isProtected[at] = on) })),
  })
  return { state, secrets }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a copied secret', () => {
  it('leaves the clipboard after its time', async () => {
    const { state, secrets } = desktop()

    const { clearsAt } = await secrets.copy('a secret')

    expect(state.text).toBe('a secret')
    expect(clearsAt - Date.now()).toBe(clipboardLastsMs)
    await vi.advanceTimersByTimeAsync(clipboardLastsMs - 1)
    expect(state.text).toBe('a secret')
    await vi.advanceTimersByTimeAsync(1)
    expect(state.text).toBe('')
  })

  it('leaves it at once when that is asked, as at the end of the program', async () => {
    const { state, secrets } = desktop()
    await secrets.copy('a secret')

    await secrets.clear()

    expect(state.text).toBe('')
  })

  it('is left alone where something else was copied since, or nothing can be read', async () => {
    for (const change of [{ text: 'something else' }, { isShut: true }]) {
      const { state, secrets } = desktop()
      await secrets.copy('a secret')
      Object.assign(state, change)
      const { text } = state

      await vi.advanceTimersByTimeAsync(clipboardLastsMs)

      expect(state.text).toBe(text)
    }
  })

  it('has its whole time again when it is copied again', async () => {
    const { state, secrets } = desktop()
    await secrets.copy('a secret')
    await vi.advanceTimersByTimeAsync(20_000)
    await secrets.copy('another')

    await vi.advanceTimersByTimeAsync(20_000)

    expect(state.text).toBe('another')
  })
})

describe('a secret on the screen', () => {
  it('is kept out of screenshots of every window until it is hidden', () => {
    const { state, secrets } = desktop()

    secrets.shown()
    expect(state.isProtected).toEqual([true, true])
    secrets.hidden()

    expect(state.isProtected).toEqual([false, false])
  })

  it('is not guarded for ever by a page that has gone', () => {
    const { state, secrets } = desktop()
    secrets.shown()

    vi.advanceTimersByTime(60_000)

    expect(state.isProtected).toEqual([false, false])
  })
})
