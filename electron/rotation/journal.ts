import * as z from 'zod'
import { Proof, Rotation, RotationStep } from '../../shared/contract'
import { diskProblem } from '../storage/disk'
import { appendDurably, readIfPresent, writeFileAtomic } from '../storage/files'

/** What is noted beside a step, as far as it is known then. Fingerprints only. */
const FactsSchema = z.object({
  /** Who asked for the rotation. */
  who: z.string().optional(),
  oldFingerprint: z.string().nullable().optional(),
  newFingerprint: z.string().nullable().optional(),
  /** The services that ran when it began, and again when the new secret was about to be applied. */
  services: z.array(z.string()).optional(),
  /** What was proven, with the step `commit`. */
  proof: Proof.optional(),
  /** From which step it rolls back, with the step `roll-back`. */
  failedStep: RotationStep.shape.id.optional(),
})
export type JournalFacts = z.infer<typeof FactsSchema>

const StepEntrySchema = FactsSchema.extend({
  type: z.literal('step'),
  at: z.number(),
  rotationId: z.string(),
  credentialId: z.string(),
  step: RotationStep.shape.id,
})
const EndEntrySchema = z.object({ type: z.literal('end'), rotation: Rotation })
const EntrySchema = z.discriminatedUnion('type', [StepEntrySchema, EndEntrySchema])
type JournalEntry = z.infer<typeof EntrySchema>

/** A rotation as far as an earlier run got with it: the last step that it noted, with all that was noted before. */
export type BegunRotation = z.infer<typeof StepEntrySchema>

/** What must be on disk before a step begins, so that the next start knows how far a rotation came. No secrets. */
export interface RotationJournal {
  /** Resolves when the entry is on disk; only then the step may begin. */
  step(entry: Omit<BegunRotation, 'type'>): Promise<void>
  end(rotation: Rotation): Promise<void>
  /** Rotations of earlier runs that ended, oldest first. */
  readonly ended: readonly Rotation[]
  /** Rotations that have begun and not ended, those of earlier runs too; one whose roll-back failed has not ended. */
  unfinished(): readonly BegunRotation[]
  /** Those of earlier runs that were cut off: the last word of each is a step, and no end. */
  readonly cutOff: readonly BegunRotation[]
}

/** A journal longer than this (in bytes) is cut down to the last rotation of each credential when it is opened. */
const longest = 256 * 1024

/** Opens the journal file. Lines that cannot be read (a crash may have cut the last one) are passed over. */
export async function openJournal(file: string): Promise<RotationJournal> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? ''
  const ended = new Map<string, Rotation>()
  const begun = new Map<string, BegunRotation>()
  const cutOff = new Set<string>()
  for (const line of text.split('\n')) {
    const entry = parseEntry(line)
    if (entry?.type === 'step') {
      begun.set(entry.rotationId, { ...begun.get(entry.rotationId), ...entry })
      cutOff.add(entry.rotationId)
    }
    if (entry?.type === 'end') {
      cutOff.delete(entry.rotation.id)
      // What failed has left something to do: it is tried again.
      if (entry.rotation.state !== 'failed') begun.delete(entry.rotation.id)
      ended.set(entry.rotation.id, entry.rotation)
    }
  }
  if (text.length > longest) {
    const last = new Map([...ended.values()].map((rotation) => [rotation.credentialId, rotation]))
    const kept = [...last.values()].map((rotation) => lineOf({ type: 'end', rotation }))
    await writeFileAtomic(file, [...[...begun.values()].map(lineOf), ...kept].join(''))
  }
  const append = (entry: JournalEntry) =>
    appendDurably(file, lineOf(entry)).catch((error: unknown) => {
      throw diskProblem(error, file) ?? error
    })
  return {
    async step(entry) {
      await append({ type: 'step', ...entry })
      begun.set(entry.rotationId, { ...begun.get(entry.rotationId), type: 'step', ...entry })
    },
    async end(rotation) {
      await append({ type: 'end', rotation })
      if (rotation.state !== 'failed') begun.delete(rotation.id)
    },
    ended: [...ended.values()],
    unfinished: () => [...begun.values()],
    cutOff: [...begun.values()].filter(({ rotationId }) => cutOff.has(rotationId)),
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
