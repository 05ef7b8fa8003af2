import * as z from 'zod'
import { Generation } from '../../shared/contract'

/** What a record tells; whose it is and what was noted about it, its rows do. */
const Recorded = Generation.omit({ by: true, tags: true, favourite: true })

const Row = z.object({
  seq: z.number(),
  account: z.string(),
  record: z.string(),
  favourite: z.number(),
  tags: z.string(),
})
const Tags = z.array(z.string())

/** A generation as its rows tell of it, and its place in the order of creation. */
export function readRow(row: unknown): { seq: number; record: Generation } {
  const { seq, account, record, favourite, tags } = Row.parse(row)
  const noted = Tags.parse(JSON.parse(tags)).sort((a, b) => a.localeCompare(b))
  return {
    seq,
    record: {
      ...Recorded.parse(JSON.parse(record)),
      by: account,
      ...(noted.length > 0 && { tags: noted }),
      ...(favourite === 1 && { favourite: true }),
    },
  }
}

/** What a row keeps beside the record, to filter, sort and count by. */
export const columnsOf = (generation: Generation) => ({
  state: generation.state,
  model: generation.params.checkpoint ?? null,
  images: generation.images.length,
  bytes: generation.images.reduce((sum, { bytes }) => sum + bytes, 0),
  totalMs: generation.timings.totalMs ?? 0,
})

/** What a search looks through: the prompt, and what the imported workflow is called. */
export const searchedTextOf = ({ params: { prompt }, workflowName = prompt }: Generation): string =>
  workflowName === prompt ? prompt : `${prompt}\n${workflowName}`
