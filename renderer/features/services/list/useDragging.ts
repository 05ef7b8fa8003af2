import { useState, type DragEvent } from 'react'
import { rowOf } from './useRowKeys'

/** Where a dragged row would go. */
export interface Drop {
  target: string
  side: 'before' | 'after'
}

const dragType = 'application/x-regie-service'

/** The row below the pointer, and on which half of it the pointer is. */
function dropAt({ target, clientY }: DragEvent<HTMLElement>): Drop | null {
  const row = rowOf(target)
  const id = row?.dataset['rowOf']
  if (!row || id === undefined) return null
  const { top, height } = row.getBoundingClientRect()
  return { target: id, side: clientY < top + height / 2 ? 'before' : 'after' }
}

/** Rows of a table that are dragged to another place; nothing where they have no order of their own. */
export function useDragging(onDrop: ((dragged: string, drop: Drop) => void) | undefined) {
  const [over, setOver] = useState<Drop | null>(null)
  if (!onDrop) return { over: null, events: {} }
  const events = {
    onDragStart: ({ target, dataTransfer }: DragEvent<HTMLElement>) => {
      dataTransfer.setData(dragType, rowOf(target)?.dataset['rowOf'] ?? '')
      dataTransfer.effectAllowed = 'move'
    },
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (!event.dataTransfer.types.includes(dragType)) return
      event.preventDefault()
      const drop = dropAt(event)
      if (drop?.target !== over?.target || drop?.side !== over?.side) setOver(drop)
    },
    onDragEnd: () => setOver(null),
    onDrop: (event: DragEvent<HTMLElement>) => {
      const drop = dropAt(event)
      setOver(null)
      if (!drop) return
      event.preventDefault()
      onDrop(event.dataTransfer.getData(dragType), drop)
    },
  }
  return { over, events }
}
