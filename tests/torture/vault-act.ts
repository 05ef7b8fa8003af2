// A vault alone, in a process of its own, which is killed in the middle of one act. With an IPC channel:
// node vault-act.mjs <JSON of ActOrder>
import * as z from 'zod'
import { openTestVault } from '../integration/vault/support'
import { arm, Failpoint, watchFiles } from './failpoints'

export const Act = z.discriminatedUnion('type', [
  z.object({ type: z.literal('keeper'), to: z.string().nullable() }),
  z.object({ type: z.literal('import'), text: z.string(), passphrase: z.string() }),
  z.object({ type: z.literal('adopt'), id: z.string() }),
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
const { vault } = await openTestVault(folder)
if (passphrase !== null) await vault.unlock(passphrase)
const [own] = (await vault.list()).flatMap(({ sinks }) => sinks)

async function perform(): Promise<void> {
  switch (act.type) {
    case 'keeper':
      await vault.changeKeeper({ passphrase: act.to, current: passphrase ?? undefined, who: 'ann' })
      return
    case 'import':
      await vault.importFrom({ text: act.text, passphrase: act.passphrase, who: 'ann' })
      return
    case 'adopt':
      await vault.adopt({ id: act.id, sinkId: own?.id ?? '', who: 'ann' })
  }
}

process.send?.({ began: true })
arm(failpoint)
await perform()
process.send?.({ seen: arm(null) }, () => process.exit(0))
