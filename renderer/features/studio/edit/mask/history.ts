import type { Area, Mask } from './model'

/** A mask as the lengths of its runs, which begin with what stays: a fraction of the pixels for what people paint. */
type Runs = Uint32Array

/** So many steps can be undone. */
export const mostSteps = 60

export function runsOf({ data }: Pick<Mask, 'data'>): Runs {
  const runs: number[] = []
  let begin = 0
  let value = 0
  for (let index = 0; index < data.length; index += 1) {
    if (data[index] === value) continue
    runs.push(index - begin)
    begin = index
    value = 255 - value
  }
  runs.push(data.length - begin)
  return Uint32Array.from(runs)
}

/** Makes a mask what its runs say. */
export function applyRuns(mask: Mask, runs: Runs): Area {
  let at = 0
  let set = 0
  for (const [index, length] of runs.entries()) {
    const value = index % 2 === 0 ? 0 : 255
    mask.data.fill(value, at, at + length)
    if (value === 255) set += length
    at += length
  }
  mask.set = set
  return { left: 0, top: 0, right: mask.width, bottom: mask.height }
}

/** The states of a mask, so that steps can be undone and done again. */
export interface History {
  /** Keeps what the mask is now as a step; what was undone before is forgotten. */
  keep: () => void
  /** Goes a step back or forth. Returns what may have changed; null where there is none. */
  undo: () => Area | null
  redo: () => Area | null
  readonly canUndo: boolean
  readonly canRedo: boolean
}

export function createHistory(mask: Mask): History {
  let states: Runs[] = [runsOf(mask)]
  let at = 0
  const go = (to: number): Area | null => {
    const runs = states[to]
    if (!runs) return null
    at = to
    return applyRuns(mask, runs)
  }
  return {
    keep() {
      states = [...states.slice(0, at + 1), runsOf(mask)].slice(-(mostSteps + 1))
      at = states.length - 1
    },
    undo: () => go(at - 1),
    redo: () => go(at + 1),
    get canUndo() {
      return at > 0
    },
    get canRedo() {
      return at < states.length - 1
    },
  }
}
