import { reason, type Reason } from '../../shared/problems'

/** One cell of a row: the column that was asked for, and what stands in it. */
interface Cell {
  column: string
  words: string
}

/** How a card is called in a message: its name where it has one, and nvidia-smi's own number. */
const called = ({ index, name }: { index: number; name: string }) =>
  name === '' ? `GPU ${index}` : `${name} (GPU ${index})`

const noValues =
  /^(?:n\/a|not supported|not found|insufficient permissions|unknown error|gpu requires reset|gpu is lost|err!|)$/i

/** Whether a cell says that it has no value: by one of nvidia-smi's spellings, or by any words in brackets. */
export const isNoValue = (words: string): boolean =>
  noValues.test(words) || (words.startsWith('[') && words.endsWith(']'))

/** Words that say more than "no value". */
const faultWords: Record<'reset' | 'lost' | 'error', RegExp> = {
  reset: /requires? reset/i,
  lost: /\bis lost\b/i,
  error: /err!|\berror\b|\bfault\b|\bfailed\b/i,
}

/**
 * What the words in a row's cells say of the card, the worst first: nvidia-smi writes `[GPU requires reset]`,
 * `[GPU is lost]`, `[Unknown Error]` or `ERR!` in place of a value. Undefined where they say nothing but "unknown".
 */
export function faultInCells(cells: readonly Cell[], card: { index: number; name: string }): Reason | undefined {
  // The name is free text: a card may be called anything.
  const silent = cells.filter(({ column, words }) => column !== 'name' && isNoValue(words))
  const saying = (kind: keyof typeof faultWords) => silent.filter(({ words }) => faultWords[kind].test(words))
  const gpu = called(card)
  if (saying('reset').length > 0) return reason('gpu.requires-reset', { gpu, index: card.index })
  if (saying('lost').length > 0) return reason('gpu.lost', { gpu })
  const found = saying('error')
  const first = found[0]
  if (!first) return undefined
  const words = first.words.replace(/^\[|\]$/g, '').slice(0, 100)
  return reason('gpu.reading-error', { gpu, words, columns: found.map(({ column }) => column).join(', ') })
}
