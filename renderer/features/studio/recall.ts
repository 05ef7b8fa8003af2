/** A prompt with what it should avoid. */
export interface WrittenPrompt {
  prompt: string
  negativePrompt: string
}

/** Where somebody stands among the prompts that were used (-1: at what is being written), and what was being written. */
export interface Recall {
  place: number
  written: WrittenPrompt
}

export const notRecalled: Recall = { place: -1, written: { prompt: '', negativePrompt: '' } }

/**
 * One step back or forth through the prompts that were used, the newest first; at last what was being written. Null where
 * there is none further. `now`: what stands there.
 */
export function recallStep(
  { place, written }: Recall,
  used: readonly WrittenPrompt[],
  now: WrittenPrompt,
  direction: 'older' | 'newer',
): { recall: Recall; prompt: WrittenPrompt } | null {
  // What was written since begins anew.
  const isUntouched = used[place]?.prompt === now.prompt
  const from: Recall = isUntouched ? { place, written } : { place: -1, written: now }
  const next = from.place + (direction === 'older' ? 1 : -1)
  if (next < -1 || next >= used.length) return null
  const { prompt, negativePrompt } = used[next] ?? from.written
  return { recall: { place: next, written: from.written }, prompt: { prompt, negativePrompt } }
}
