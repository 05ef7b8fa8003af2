// A library of models alone, in a process of its own, which is killed in the middle of one act. With an IPC channel:
// node models-act.mjs <JSON of ModelsOrder>
import * as z from 'zod'
import { idOf } from '../../electron/models/entries'
import { openModelsAt } from '../support/model-library'
import { until } from '../support/until'
import { arm, Failpoint, watchFiles } from './failpoints'

export const ModelsOrder = z.object({
  root: z.string(),
  worker: z.string(),
  /** The hub's authority and port. */
  ca: z.string(),
  port: z.number().int(),
  /** `start`: nothing but the next start, which goes on with what a kill left, or takes it away. */
  act: z.enum(['start', 'download', 'hash', 'share', 'separate', 'remove']),
  failpoint: Failpoint.nullable(),
  /** Kills itself as soon as so many files are hashed. */
  dieHashed: z.number().int().nullable(),
})
export type ModelsOrder = z.infer<typeof ModelsOrder>

const { root, worker, ca, port, act, failpoint, dieHashed } = ModelsOrder.parse(JSON.parse(process.argv[2] ?? ''))
watchFiles()
const models = await openModelsAt(
  root,
  { 'comfyui-a': 'comfyui', 'forge-b': 'forge' },
  {
    ...{ worker, retryMs: [], hashBytesPerS: dieHashed === null ? 4e9 : 3e5 },
    reportBug(error) {
      throw error
    },
    wire: { ca, reach: () => '127.0.0.1', lookup: (_name, _options, answer) => answer(null, '93.184.215.14', 4) },
  },
)
const { library, changing, downloads } = models
const { signal } = new AbortController()
const ofName = (name: string) => library.files().find((file) => file.path.endsWith(name))?.id ?? ''

async function perform(): Promise<void> {
  switch (act) {
    case 'start':
      models.begin()
      await changing.begin()
      await until('downloads have ended', () => downloads.list().every(({ state }) => state === 'done'))
      await library.scan()
      await library.settled()
      return until('all is hashed', () => library.hashing.status().state !== 'running').then(() => undefined)
    case 'download': {
      const folder = library.folders().find((one) => one.folder === 'checkpoints')
      const wanted = { address: `https://hub.test:${port}/new.safetensors`, folderId: idOf(folder?.path ?? '') }
      const { name, bytes } = await downloads.plan(wanted, signal)
      arm(failpoint)
      await downloads.start({ ...wanted, confirm: { name, bytes } }, 'ann', signal)
      return until('it is done', () => downloads.list().every(({ state }) => state === 'done')).then(() => undefined)
    }
    case 'hash':
      library.hashing.start()
      await until('so many are hashed', () => {
        const { hashed, state } = library.hashing.status()
        return hashed >= (dieHashed ?? Number.POSITIVE_INFINITY) || state === 'idle'
      })
      if (dieHashed !== null) process.kill(process.pid, 'SIGKILL')
      return
    case 'share':
      arm(failpoint)
      await changing.share(ofName('one.safetensors'), [ofName('two.safetensors')], 'ann', signal)
      return
    case 'separate': {
      const file = library.files().find(({ names }) => names === 2)
      const name = file?.paths.find((one) => one.endsWith('two.safetensors')) ?? ''
      arm(failpoint)
      return changing.separate(file?.id ?? '', name, 'ann', signal)
    }
    case 'remove':
      arm(failpoint)
      return changing.remove(ofName('one.safetensors'), 'ann')
  }
}

await library.scan()
await library.settled()
await perform()
const seen = arm(null)
await models.close()
process.send?.({ seen }, () => process.exit(0))
