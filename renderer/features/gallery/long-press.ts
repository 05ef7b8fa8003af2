/** A finger that rests so long chooses, in ms. */
export const longPressMs = 500

/** A finger trembles, and is no scrolling by that: so many pixels at once. */
const trembles = 4

/** Tells a finger that rests from a tap and from scrolling. A mouse never does: it has boxes to choose with. */
export function createLongPress() {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDone = false
  const end = () => clearTimeout(timer)
  return {
    down({ pointerType }: { pointerType: string }, rested: () => void) {
      end()
      isDone = false
      if (pointerType !== 'touch') return
      timer = setTimeout(() => {
        isDone = true
        rested()
      }, longPressMs)
    },
    move({ movementX, movementY }: { movementX: number; movementY: number }) {
      if (Math.abs(movementX) + Math.abs(movementY) > trembles) end()
    },
    end,
    /** Whether the finger rested long enough and still lies there: no menu of the browser's is wanted then. */
    hasRested: () => isDone,
    /** Whether a click is the end of a long press; asked once for each. */
    takeClick() {
      const wasLong = isDone
      isDone = false
      return wasLong
    },
  }
}
