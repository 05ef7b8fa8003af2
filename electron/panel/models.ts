import type { ModelMention } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { openModels, type WantedModel } from '../models'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'
import type { buildWork } from './work'

type Working = Pick<BuiltServices, 'services' | 'gallery' | 'workflows' | 'goldenStore'> &
  Pick<Awaited<ReturnType<typeof buildWork>>, 'loadOf'>

/** What names files of models: workflows, presets, and the checkpoints of golden checks. */
function createNaming({ services, gallery, workflows, goldenStore }: Working) {
  // One that cannot be read names nothing that is known.
  const needsOf = async (id: string) => (await workflows.read(id).catch(() => ({ needs: [] }))).needs
  const own = (name: string) => name.split(/[\\/]/).at(-1) ?? name
  const goldens = () =>
    services.list().flatMap(({ id }) => {
      const { checkpoint } = goldenStore.settings(id).params
      return checkpoint === undefined ? [] : [{ id, checkpoint }]
    })
  return {
    /** Whatever names a file by its own name: folders before it are each service's own. */
    async mentions(name: string): Promise<ModelMention[]> {
      const presets = gallery.presets.naming(name).map((one) => ({ kind: 'preset' as const, name: one }))
      const naming = await Promise.all(
        workflows.list().map(async (workflow) => {
          const isNamed = (await needsOf(workflow.id)).some(({ need }) => own(need.name) === name)
          return isNamed ? [{ kind: 'workflow' as const, name: workflow.name }] : []
        }),
      )
      const checked = goldens().filter(({ checkpoint }) => own(checkpoint) === name)
      return [...naming.flat(), ...presets, ...checked.map(({ id }) => ({ kind: 'golden' as const, name: id }))]
    },
    async wanted(): Promise<WantedModel[]> {
      const ofWorkflows = await Promise.all(
        workflows.list().map(async ({ id, name }) =>
          (await needsOf(id)).flatMap(({ need, bytes, url }): WantedModel[] =>
            need.type === 'file'
              ? [
                  {
                    ...{ name: need.name, folder: need.folder, role: need.role, bytes, url, serviceId: null },
                    by: { kind: 'workflow', name },
                  },
                ]
              : [],
          ),
        ),
      )
      const checkpoint = (name: string, serviceId: string, by: ModelMention): WantedModel => ({
        ...{ name, folder: '', role: 'checkpoint', bytes: null, url: null, serviceId, by },
      })
      return [
        ...ofWorkflows.flat(),
        ...gallery.presets
          .checkpoints()
          .map((one) => checkpoint(one.checkpoint, one.serviceId, { kind: 'preset', name: one.name })),
        ...goldens().map((one) => checkpoint(one.checkpoint, one.id, { kind: 'golden', name: one.id })),
      ]
    },
  }
}

/** All files of models that services look for, and what is done with them. */
export async function buildModels(
  { options, paths, publish, listen, reportBug, closing }: Base,
  { audit, credentials }: Secrets,
  { engine, compose }: WatchedMachine,
  working: Working,
) {
  const { services, gallery, loadOf } = working
  const models = closing.keep(
    await openModels({
      ...{
        file: paths.models,
        downloadsFile: paths.modelDownloads,
        worker: options.programs.modelWorker,
        reportBug,
        ...createNaming(working),
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
  // A download that needs a token waits for the vault.
  closing.add(
    listen((event) => {
      if (event.type === 'vault' && event.vault.state === 'open') models.downloads.unlocked()
    }),
  )
  return models
}
