// The headless panel as the torture starts it: the real one, with failpoints in its file system. Never in the product.
// node panel.mjs <JSON of PanelOrder>, with an IPC channel.
import * as z from 'zod'
import { Sessions } from '../../electron/http/sessions'
import { listen } from '../../electron/http/server'
import { createPanel } from '../../electron/panel/create'
import { openConfig, openSessionStore, setAsideUnreadableConfig } from '../../electron/storage/config'
import { prepareDataFolder } from '../../electron/storage/data-folder'
import { dataPaths } from '../../electron/storage/paths'
import { keyFileKeeper } from '../../electron/vault/keepers'
import { arm, Failpoint, watchFiles } from './failpoints'

const Programs = z.object({
  simulator: z.string(),
  guardian: z.string(),
  bcryptWorker: z.string(),
  leakWorker: z.string(),
  readWorker: z.string(),
  databaseWorker: z.string(),
  modelWorker: z.string(),
  renderer: z.string(),
  stacks: z.string(),
})
export const PanelOrder = z.object({
  dataFolder: z.string(),
  programs: Programs,
  adminToken: z.string(),
  /** Armed from the start: to be killed while what an earlier run left is put in order. */
  failpoint: Failpoint.nullable(),
  /** How long updates of stacks wait, in ms; in place of the usual. */
  updatePatience: z
    .object({ startMs: z.number(), proofMs: z.number(), pictureMs: z.number(), idleMs: z.number() })
    .optional(),
})
export type PanelOrder = z.infer<typeof PanelOrder>

/** What the harness may say: arm a failpoint; the answer is how many changes of files were seen since the last. */
const Message = z.object({ arm: Failpoint.nullable() })

const order = PanelOrder.parse(JSON.parse(process.argv[2] ?? ''))
watchFiles()
arm(order.failpoint)
process.on('message', (message) => {
  const { arm: failpoint } = Message.parse(message)
  process.send?.({ seen: arm(failpoint) })
})
// The harness is gone.
process.on('disconnect', () => process.exit(0))

const dataFolder = prepareDataFolder(order.dataFolder)
const notice = setAsideUnreadableConfig(dataFolder)
const panel = await createPanel({
  dataFolder,
  demo: false,
  simulators: false,
  config: openConfig(dataFolder),
  keeper: keyFileKeeper(dataPaths(dataFolder).vaultKey),
  notices: notice ? [notice] : [],
  programs: order.programs,
  desktop: null,
  exposureAddresses: () => [],
  ...(order.updatePatience && { updatePatience: order.updatePatience }),
})
const sessions = new Sessions({
  store: openSessionStore(dataFolder),
  adminToken: order.adminToken,
  access: panel.parts.access,
})
const door = await listen({ ...panel, sessions, host: '127.0.0.1', port: 0 })
process.on('SIGTERM', () => {
  void door
    .close()
    .then(() => panel.close())
    .then(() => process.exit(0))
})
process.send?.({ url: door.url })
