import type Dockerode from 'dockerode'
import { describe, test } from 'vitest'
import { findDocker } from './docker/find'

/** What a test with a real engine is given. */
export interface TestDocker {
  /** The engine's address, as `DOCKER_HOST` takes it. */
  host: string
  client: Dockerode
  /** Name of the image that holds node, a shell, and the simulator as its entry point. */
  image: string
}

/**
 * A group of tests that need a real Docker engine, and are skipped with the reason where there is none. To be awaited
 * at the top of a test file.
 */
export async function describeWithDocker(name: string, body: (docker: TestDocker) => void): Promise<void> {
  const found = await findDocker()
  if (found.docker) {
    const { docker } = found
    describe(name, () => body(docker))
  } else test(name, ({ skip }) => skip(found.reason))
}
