import * as z from 'zod'
import { ComposeSpec, Update, UpdateStep } from '../../shared/contract'
import { diskProblem } from '../storage/disk'
import { appendDurably, readIfPresent, writeFileAtomic } from '../storage/files'

/** What must be known to bring the old version back, or to clear up, after a crash at any instant. No secrets. */
export const UpdateFacts = z.object({
  folder: z.string(),
  spec: ComposeSpec,
  credentialId: z.string(),
  /** Of the credential, when it began. */
  vaultVersion: z.number(),
  /** The Compose project of the new version while it is tried. */
  besideProject: z.string(),
  /** The image of the old version, and the name by which its files ask for it. */
  oldImage: z.object({ id: z.string(), name: z.string() }),
  /** The container of the old version when it began. */
  oldContainer: z.string(),
  /** The image of the new version; null until it is built. */
  newImage: z.string().nullable(),
  /** The name by which the new files ask for it, and the image that had it before. */
  newImageName: z.object({ name: z.string(), before: z.string().nullable() }).nullable(),
  /** Files that the switch writes, by their fingerprints; null where none was there. */
  files: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string() })),
  /** Settings that the switch adds to the `.env`; taken from the stack's example, and no secrets. */
  settings: z.array(z.tuple([z.string(), z.string()])),
  /** Folders that the switch makes, because the old version had none of these names. */
  folders: z.array(z.string()).default([]),
  /** Something of the old version may have been replaced. */
  replaced: z.boolean(),
  /** The old version stands still because this update stopped it. */
  stoppedOld: z.boolean(),
  /** Classes of custom nodes of the old version; null where it tells none. */
  nodes: z.array(z.string()).nullable(),
})
export type UpdateFacts = z.infer<typeof UpdateFacts>

const Entry = z.object({
  at: z.number(),
  /** The step that begins now; null: what stands in the update is its end, for now. */
  step: UpdateStep.shape.id.nullable(),
  update: Update,
  facts: UpdateFacts,
})
export type JournalEntry = z.infer<typeof Entry>

/** What must be on disk before a step begins, so that the next start knows how far an update came. */
export interface UpdateJournal {
  /** Resolves when it is on disk; only then the step may begin. */
  note(entry: JournalEntry): Promise<void>
  /** The last entry of each update, of earlier runs too, oldest first. */
  entries(): readonly JournalEntry[]
}

/** A journal longer than this (in bytes) is cut down to the last entry of each update when it is opened. */
const longest = 512 * 1024
/** So many updates that have ended for good are remembered. */
const remembered = 50

/** Whether nothing is left to be done or decided. */
export const isOver = ({ state }: Pick<Update, 'state'>): boolean => state === 'kept' || state === 'rolled-back'

/** Opens the journal file. Lines that cannot be read (a crash may have cut the last one) are passed over. */
export async function openUpdateJournal(file: string): Promise<UpdateJournal> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? ''
  const last = new Map<string, JournalEntry>()
  for (const line of text.split('\n')) {
    const entry = parseEntry(line)
    if (entry) last.set(entry.update.id, entry)
  }
  if (text.length > longest) {
    const over = [...last.values()].filter(({ update }) => isOver(update)).slice(0, -remembered)
    for (const { update } of over) last.delete(update.id)
    await writeFileAtomic(file, [...last.values()].map(lineOf).join(''))
  } else if (text !== '' && !text.endsWith('\n')) {
    await appendDurably(file, '\n')
  }
  return {
    async note(entry) {
      await appendDurably(file, lineOf(entry)).catch((error: unknown) => {
        throw diskProblem(error, file) ?? error
      })
      last.set(entry.update.id, entry)
    },
    entries: () => [...last.values()],
  }
}

const lineOf = (entry: JournalEntry) => `${JSON.stringify(entry)}\n`

function parseEntry(line: string): JournalEntry | null {
  try {
    const entry = Entry.safeParse(JSON.parse(line))
    return entry.success ? entry.data : null
  } catch {
    return null
  }
}
