import { Problem } from '../../shared/problems'
import { openModels } from '../models'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'
import type { buildWork } from './work'

type Working = Pick<BuiltServices, 'services' | 'gallery' | 'workflows'> &
  Pick<Awaited<ReturnType<typeof buildWork>>, 'loadOf'>

/** All files of models that services look for, and what is done with them. */
export async function buildModels(
  { options, paths, publish, reportBug, closing }: Base,
  { audit, credentials }: Secrets,
  { engine, compose }: WatchedMachine,
  { services, gallery, workflows, loadOf }: Working,
) {
  /** Whatever names a file by its own name: folders before it are each service's own. */
  async function mentions(name: string) {
    const presets = gallery.presets.naming(name).map((one) => ({ kind: 'preset' as const, name: one }))
    const naming = await Promise.all(
      workflows.list().map(async (workflow) => {
        // One that cannot be read names nothing that is known.
        const { needs } = await workflows.read(workflow.id).catch(() => ({ needs: [] }))
        const isNamed = needs.some(({ need }) => need.name.split(/[\\/]/).at(-1) === name)
        return isNamed ? [{ kind: 'workflow' as const, name: workflow.name }] : []
      }),
    )
    return [...naming.flat(), ...presets]
  }
  return closing.keep(
    await openModels({
      ...{
        file: paths.models,
        downloadsFile: paths.modelDownloads,
        worker: options.programs.modelWorker,
        reportBug,
        mentions,
      },
      services: () => services.list().map(({ id }) => services.config(id)),
      layout: {
        ...{ engine, compose, platform: process.platform },
        containerOf: (id) => services.get(id).container?.id ?? null,
      },
      modelUse: () => gallery.modelUse(),
      // Held for as long as a hub is asked, and nowhere written.
      tokenOf: (id) =>
        id === null
          ? Promise.resolve(null)
          : credentials.withSecret(id, ({ token }) => {
              if (token === null) throw new Problem('library.no-token', { id })
              return token
            }),
      async loadOf(id) {
        const { state } = await loadOf(id)
        return state === 'stopped' || state === 'idle' ? 'free' : state
      },
      auditFirst: (entry) => audit.appendFirst(entry),
      changed: () => publish({ type: 'models' }),
    }),
  )
}
