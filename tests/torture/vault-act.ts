// A vault alone, in a process of its own, which is killed in the middle of one act. With an IPC channel:
// node vault-act.mjs <JSON of ActOrder>
import * as z from 'zod'
import { openTestVault } from '../integration/vault/support'
import { arm, Failpoint, watchFiles } from './failpoints'

export const Act = z.discriminatedUnion('type', [
  z.object({ type: z.literal('keeper'), to: z.string().nullable() }),
  z.object({ type: z.literal('import'), text: z.string(), passphrase: z.string() }),
  z.object({ type: z.literal('adopt'), id: z.string() }),
  /** Nothing but the next start, which puts in order what a kill left. */
  z.object({ type: z.literal('start') }),
])
export type Act = z.infer<typeof Act>

export const ActOrder = z.object({
  folder: z.string(),
  /** What opens the vault; null: the key file. */
  passphrase: z.string().nullable(),
  act: Act,
  failpoint: Failpoint.nullable(),
})
export type ActOrder = z.infer<typeof ActOrder>

const { folder, passphrase, act, failpoint } = ActOrder.parse(JSON.parse(process.argv[2] ?? ''))
watchFiles()
if (act.type === 'start') arm(failpoint)
const { vault, credentials } = await openTestVault(folder)

async function perform(): Promise<void> {
  switch (act.type) {
    case 'start':
      return
    case 'keeper':
      await vault.changeKeeper({ passphrase: act.to, current: passphrase ?? undefined, who: 'ann' })
      return
    case 'import':
      await credentials.importFrom({ text: act.text, passphrase: act.passphrase, who: 'ann' })
      return
    case 'adopt': {
      const [sink] = (await credentials.get(act.id)).sinks
      await credentials.adopt({ id: act.id, sinkId: sink?.id ?? '', who: 'ann' })
    }
  }
}

if (act.type !== 'start') {
  if (passphrase !== null) await vault.unlock(passphrase)
  arm(failpoint)
}
process.send?.({ began: true })
await perform()
process.send?.({ seen: arm(null) }, () => process.exit(0))
