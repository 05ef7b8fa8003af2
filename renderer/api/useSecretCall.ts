import { useState } from 'react'

/**
 * Runs a call that carries a secret in or out. It stays outside the query cache, which would keep what was sent and
 * what came back; only that it runs, and what it failed with, is kept here.
 */
export function useSecretCall<I, O>(call: (input: I) => Promise<O>) {
  const [isRunning, setRunning] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = async (input: I, then: (output: O) => void): Promise<void> => {
    setRunning(true)
    setError(null)
    try {
      then(await call(input))
    } catch (failure) {
      setError(failure)
    } finally {
      setRunning(false)
    }
  }
  return { run, isRunning, error }
}
