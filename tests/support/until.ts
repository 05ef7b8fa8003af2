/** Waits for a state instead of a time: resolves with the first value that is neither false, null nor undefined. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = 40_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + timeoutMs
  let last: unknown
  let pauseMs = 10
  for (;;) {
    try {
      const value = await look()
      if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>
    } catch (error) {
      last = error
    }
    if (performance.now() > end) throw new Error(`gave up waiting for: ${what}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    pauseMs = Math.min(100, pauseMs * 1.25)
  }
}
