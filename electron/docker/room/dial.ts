import type Dockerode from 'dockerode'

/** A call of the engine that dockerode offers only in part. Throws what dockerode throws. */
export const dial = (
  { modem }: Pick<Dockerode, 'modem'>,
  { method, path, signal }: { method: 'GET' | 'POST'; path: string; signal: AbortSignal },
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 500: 'server error' }
    modem.dial({ method, path, abortSignal: signal, statusCodes }, (error: unknown, answer: unknown) => {
      if (!error) resolve(answer)
      else reject(error instanceof Error ? error : new Error(`${method} ${path} failed`))
    })
  })
