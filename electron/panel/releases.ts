import { version } from '../../package.json'
import { createReleases, type Releases } from '../releases'
import type { Base } from './base'

/** Looks for newer versions of Regie where REGIE_UPDATE_FEED says; nowhere while it is not set. */
export function watchReleases({ options, reportBug, closing }: Base, changed: () => void): Releases {
  const releases = createReleases({
    ...{ changed, reportBug, current: version, installation: options.dataFolder },
    feed: process.env['REGIE_UPDATE_FEED'],
    channel: process.env['REGIE_UPDATE_CHANNEL'] === 'beta' ? 'beta' : 'latest',
  })
  closing.add(() => releases.close())
  releases.begin()
  return releases
}
