/** The engine's status of a refusal; null for anything else. */
const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null

/** What was asked for; null where the engine has no such thing. */
export async function isThere<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

/** Removes something that may be gone already (404), or is used by something else (409) and then stays. */
export async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (![404, 409, 304].includes(statusOf(error) ?? 0)) throw error
  }
}
