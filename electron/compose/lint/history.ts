import * as z from 'zod'
import { LintChange } from '../../../shared/contract'
import { moveAside, readIfPresent, writeFileAtomic } from '../../storage/files'

const Edit = z.object({ start: z.number().int(), end: z.number().int(), text: z.string() })

/**
 * A change that can be taken back: never whole files, only the edits that lead back, and by which hashes the file is
 * known. So that no copy of a secret lies in the data folder: fixes take away line ends, quotes, keys and numbers, and
 * what leads back from one that takes a secret away is kept in memory alone.
 */
const Kept = LintChange.extend({
  /** The project's folder, and the service it was made for. */
  folder: z.string(),
  folders: z.array(z.string()),
  edits: z.array(
    z.object({
      path: z.string(),
      name: z.string(),
      encoding: z.enum(['utf8', 'latin1']),
      before: z.string(),
      after: z.string(),
      back: z.array(z.array(Edit)),
      inPlace: z.boolean(),
    }),
  ),
})
export type KeptChange = z.infer<typeof Kept>

const longest = 50

/** The changes of Compose files that Regie made, the newest last, in one file of the data folder. */
export function createHistory(file: string, now: () => number = Date.now) {
  let read: Promise<KeptChange[]> | null = null

  const load = async () => {
    const bytes = await readIfPresent(file)
    if (bytes === null) return []
    try {
      const json: unknown = JSON.parse(bytes.toString('utf8'))
      return z.array(Kept).parse(json)
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
      await moveAside(file, now())
      return []
    }
  }
  const all = () => (read ??= load())
  const write = async (changes: KeptChange[]) => {
    await writeFileAtomic(file, JSON.stringify(changes))
    read = Promise.resolve(changes)
  }

  /** Gone with the panel. */
  let volatile: KeptChange[] = []
  const newest = (changes: KeptChange[], folder: string) =>
    changes
      .filter((change) => change.folder === folder)
      .sort((a, b) => a.at - b.at)
      .at(-1) ?? null

  return {
    /** The last change of a project. */
    last: async (folder: string) => newest([...(await all()), ...volatile], folder),
    async add(change: KeptChange, { onDisk }: { onDisk: boolean }) {
      if (onDisk) await write([...(await all()), change].slice(-longest))
      else volatile = [...volatile, change].slice(-longest)
    },
    async remove(id: string) {
      volatile = volatile.filter((change) => change.id !== id)
      const kept = await all()
      if (kept.some((change) => change.id === id)) await write(kept.filter((change) => change.id !== id))
    },
  }
}
