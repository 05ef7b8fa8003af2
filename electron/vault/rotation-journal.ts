import * as z from 'zod'
import { Rotation, RotationStep } from '../../shared/contract'
import { appendDurably, readIfPresent, writeFileAtomic } from '../storage/files'

const StepEntrySchema = z.object({
  type: z.literal('step'),
  at: z.number(),
  rotationId: z.string(),
  credentialId: z.string(),
  step: RotationStep.shape.id,
})
const EndEntrySchema = z.object({ type: z.literal('end'), rotation: Rotation })
const EntrySchema = z.discriminatedUnion('type', [StepEntrySchema, EndEntrySchema])
type JournalEntry = z.infer<typeof EntrySchema>

/** What must be on disk before a step begins, so that the next start knows how far a rotation came. No secrets. */
export interface RotationJournal {
  /** Resolves when the entry is on disk; only then the step may begin. */
  step(entry: Omit<z.infer<typeof StepEntrySchema>, 'type'>): Promise<void>
  end(rotation: Rotation): Promise<void>
  /** Rotations of earlier runs that ended, oldest first. */
  readonly ended: readonly Rotation[]
  /** The step at which a rotation of an earlier run stood when that run ended, or null. */
  interruptedAt(rotationId: string): RotationStep['id'] | null
}

/** A journal longer than this (in bytes) is cut down to the last rotation of each credential when it is opened. */
const longest = 256 * 1024

/** Opens the journal file. Lines that cannot be read (a crash may have cut the last one) are passed over. */
export async function openJournal(file: string): Promise<RotationJournal> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? ''
  const ended = new Map<string, Rotation>()
  const begun = new Map<string, JournalEntry & { type: 'step' }>()
  for (const line of text.split('\n')) {
    const entry = parseEntry(line)
    if (entry?.type === 'step') begun.set(entry.rotationId, entry)
    if (entry?.type === 'end') {
      begun.delete(entry.rotation.id)
      ended.set(entry.rotation.id, entry.rotation)
    }
  }
  if (text.length > longest) {
    const last = new Map([...ended.values()].map((rotation) => [rotation.credentialId, rotation]))
    const kept = [...last.values()].map((rotation) => lineOf({ type: 'end', rotation }))
    await writeFileAtomic(file, [...kept, ...[...begun.values()].map(lineOf)].join(''))
  } else if (text !== '' && !text.endsWith('\n')) {
    await appendDurably(file, '\n')
  }
  return {
    step: (entry) => appendDurably(file, lineOf({ type: 'step', ...entry })),
    end: (rotation) => appendDurably(file, lineOf({ type: 'end', rotation })),
    ended: [...ended.values()],
    interruptedAt: (rotationId) => begun.get(rotationId)?.step ?? null,
  }
}

const lineOf = (entry: JournalEntry) => `${JSON.stringify(entry)}\n`

function parseEntry(line: string): JournalEntry | null {
  try {
    const entry = EntrySchema.safeParse(JSON.parse(line))
    return entry.success ? entry.data : null
  } catch {
    return null
  }
}
