import { clientFor, runningEngine } from './engine'
import { simulatorImage } from './image'
import type { TestDocker } from '../docker'

/** Names the engine to test with; `npm test` sets it. `none` means that there is none, for the reason that follows. */
const variable = 'REGIE_TEST_DOCKER'

export type FoundDocker = { docker: TestDocker; reason: null } | { docker: null; reason: string }

/** The engine to test with: the one that the environment names, else the one that runs on this machine. */
export async function findDocker(): Promise<FoundDocker> {
  const named = process.env[variable]
  if (named?.startsWith('none:')) return { docker: null, reason: named.slice('none:'.length) }
  const host = named ?? (await runningEngine())
  if (!host) return { docker: null, reason: 'no Docker engine answers on this machine' }
  const client = clientFor(host)
  return { docker: { host, client, image: await simulatorImage(client) }, reason: null }
}

/** What a test process must find in its environment to use this engine, or to know why there is none. */
export const dockerEnvironment = (found: { host: string } | { reason: string }): Record<string, string> => ({
  [variable]: 'host' in found ? found.host : `none:${found.reason}`,
})
