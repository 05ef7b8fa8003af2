import * as z from 'zod'

/** A mask that was not sent yet. */
const Draft = z.object({
  /** The input that it lies over. */
  source: z.string(),
  /** The mask that the form named then: where it names another, this is not its draft. */
  sent: z.string().nullable(),
  /** A data URL; null where everything was cleared. */
  picture: z.string().startsWith('data:image/png;').nullable(),
})
export type Draft = z.infer<typeof Draft>

/** What was kept, if it is of this source and this mask; null else. */
export function readDraft(text: string | null, of: Pick<Draft, 'source' | 'sent'>): Draft | null {
  try {
    const draft = Draft.parse(JSON.parse(text ?? 'null'))
    return draft.source === of.source && draft.sent === of.sent ? draft : null
  } catch {
    return null
  }
}
