import type { Generation } from '../../../../shared/contract'

/** One line of the comparison, by the name of its words. */
export interface Line {
  name: 'model' | 'workflow' | 'prompt' | 'negative' | 'seed' | 'size' | 'steps' | 'cfg' | 'sampler' | 'scheduler'
  a: string
  b: string
}

const text = (value: string | number | undefined) => (value === undefined ? '' : String(value))

/** The parameters of two generations: what differs, and what is the same. What neither has is left out. */
export function compared(a: Generation, b: Generation): { different: Line[]; same: Line[] } {
  const values = ({ params, workflowName }: Generation): Record<Line['name'], string> => ({
    model: text(params.checkpoint),
    workflow: text(workflowName ?? params.workflow),
    steps: text(params.steps),
    cfg: text(params.cfg),
    sampler: text(params.sampler),
    scheduler: text(params.scheduler),
    seed: text(params.seed),
    size: params.width === undefined ? '' : `${params.width} × ${text(params.height)}`,
    prompt: params.prompt,
    negative: text(params.negativePrompt).trim(),
  })
  const [ofA, ofB] = [values(a), values(b)]
  const names = Object.keys(ofA) as Line['name'][] // the record has no others
  const lines = names
    .map((name) => ({ name, a: ofA[name], b: ofB[name] }))
    .filter((line) => line.a !== '' || line.b !== '')
  return { different: lines.filter((line) => line.a !== line.b), same: lines.filter((line) => line.a === line.b) }
}

/** A piece of a text, and whether the other text lacks it. */
export interface Piece {
  text: string
  isOwn: boolean
}

/** So many words are compared; what is longer differs as a whole. */
const mostWords = 400

/** Both texts in pieces, those marked that the other lacks: the longest common sequence of their words. */
export function marked(a: string, b: string): { a: Piece[]; b: Piece[] } {
  const [wordsA, wordsB] = [a.match(/\S+\s*/g) ?? [], b.match(/\S+\s*/g) ?? []]
  if (Math.max(wordsA.length, wordsB.length) > mostWords)
    return { a: [{ text: a, isOwn: true }], b: [{ text: b, isOwn: true }] }
  const isSame = (i: number, j: number) => wordsA[i]?.trim() === wordsB[j]?.trim()
  const lengths = wordsA.map(() => new Uint16Array(wordsB.length + 1)).concat([new Uint16Array(wordsB.length + 1)])
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = wordsA.length - 1; i >= 0; i -= 1) {
    const row = lengths[i]
    for (let j = wordsB.length - 1; row && j >= 0; j -= 1)
      row[j] = isSame(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const result: { a: Piece[]; b: Piece[] } = { a: [], b: [] }
  let [i, j] = [0, 0]
  while (i < wordsA.length || j < wordsB.length) {
    if (i < wordsA.length && j < wordsB.length && isSame(i, j)) {
      result.a.push({ text: wordsA[i++] ?? '', isOwn: false })
      result.b.push({ text: wordsB[j++] ?? '', isOwn: false })
    } else if (j >= wordsB.length || (i < wordsA.length && at(i + 1, j) >= at(i, j + 1)))
      result.a.push({ text: wordsA[i++] ?? '', isOwn: true })
    else result.b.push({ text: wordsB[j++] ?? '', isOwn: true })
  }
  return result
}
