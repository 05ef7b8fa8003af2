import { ensureBuilt } from '../../../electron/build.mjs'
import { quickBuild } from '../../support/quick-build'
import { findDocker } from '../../support/docker/find'
import { tellDocker } from './docker'

/** The journeys run against what `npm run build` makes, and against a Docker engine where there is one. */
export default async function prepare(): Promise<void> {
  await ensureBuilt()
  quickBuild()
  const { docker, reason } = await findDocker()
  tellDocker(docker ? { host: docker.host, image: docker.image, reason: null } : { host: null, image: null, reason })
}
