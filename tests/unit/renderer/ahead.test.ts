import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchPagesLater } from '../../../renderer/api/lazyPage'

/** A browser that has been told to save data, or not, or knows nothing of it. */
function browser(connection?: { saveData: boolean }) {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { language: 'en', ...(connection && { connection }) })
  return vi.fn(() => Promise.resolve())
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('what the first page does not need', () => {
  it.each([undefined, { saveData: false }])('is fetched some seconds later (%j)', async (connection) => {
    const part = browser(connection)
    const end = fetchPagesLater([part])
    expect(part).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(5000)
    // All words come before it: real modules, whose reading no made-up clock hastens.
    await vi.waitFor(() => expect(part).toHaveBeenCalledTimes(1), { timeout: 20_000 })
    end()
  })

  it('is not fetched after the page has ended', async () => {
    const part = browser()
    fetchPagesLater([part])()
    await vi.advanceTimersByTimeAsync(5000)
    expect(part).not.toHaveBeenCalled()
  })

  it('waits to be opened where the browser saves data', async () => {
    const part = browser({ saveData: true })
    fetchPagesLater([part])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(part).not.toHaveBeenCalled()
  })
})
