import { readFileSync } from 'node:fs'
import type { PanelParts } from '../api/context'
import { createSupport, type Support } from '../support'
import { crashDumps } from '../support/crashes'
import type { Base } from './base'

/** The support bundle of this panel. */
export function buildSupport(
  { options, paths, redact }: Base,
  { about, services, attention }: Pick<PanelParts, 'about' | 'services' | 'attention'>,
): Support {
  return createSupport({
    ...{ redact, about, log: paths.log },
    services: () => services.list(),
    attention: () => attention.read(),
    config: (): unknown => JSON.parse(readFileSync(options.config.path, 'utf8')),
    crashes: async () => (await crashDumps(paths.crashes)).map(({ bytes, at }) => ({ bytes, at })),
  })
}
