import { prepareComposeOne } from './compose-one'
import { prepareComposeTwo } from './compose-two'
import { startPrivateEngine } from './engine'
import { dockerEnvironment, findDocker } from './find'

export interface PreparedDocker {
  /** What the tests' processes must find in their environment. */
  env: Record<string, string>
  /** One line for people. */
  says: string
  /** Leaves the machine as it was. */
  stop(): Promise<void>
}

/** Finds or starts an engine, and makes sure of Compose 2 beside it; without either, says why. */
export async function prepareDocker(): Promise<PreparedDocker> {
  const engine = await prepareEngine()
  const compose = await prepareComposeTwo()
  const first = await prepareComposeOne()
  return {
    env: { ...engine.env, ...compose.env, ...first.env },
    says: `${engine.says} ${compose.says} ${first.says}`.trim(),
    stop: async () => {
      first.stop()
      await engine.stop()
    },
  }
}

/** Uses a running engine, else starts a private one where that may be done; without either, says why. */
async function prepareEngine(): Promise<PreparedDocker> {
  const found = await findDocker()
  if (found.docker) {
    const { host, image, client } = found.docker
    return {
      env: dockerEnvironment({ host }),
      says: `Using the engine at ${host}.`,
      stop: () => client.getImage(image).remove({ force: true }),
    }
  }
  try {
    const engine = await startPrivateEngine()
    const env = dockerEnvironment({ host: engine.host })
    // The image is made once, before several test processes would each begin to.
    Object.assign(process.env, env)
    const { image } = (await findDocker()).docker ?? {}
    return {
      env,
      says: `Started a private engine at ${engine.host} with ${image ?? 'no image'}.`,
      stop: () => engine.stop(),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { env: dockerEnvironment({ reason }), says: `Without Docker: ${reason}`, stop: () => Promise.resolve() }
  }
}
