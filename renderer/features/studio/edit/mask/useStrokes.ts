import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import type { MaskEditor } from './editor'
import type { Point } from './model'

const arrows: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** By how much of its width an arrow moves the brush; with Shift by all of it. */
const arrowStep = 0.25

/** Buttons of a pointer: the left one, a finger or a pen's tip, and a pen's other end. */
const draws = 0
const erases = 5

/** Draws brush and lasso where pointer or arrows have them, without a render for each move. */
export function useStrokes(editor: MaskEditor) {
  const ring = useRef<SVGGElement>(null)
  const line = useRef<SVGPolylineElement>(null)
  const at = useRef<Point>({ x: editor.width / 2, y: editor.height / 2 })
  const hand: Hand = {
    where: () => at.current,
    move: (to) => (at.current = to),
    show: () => {
      const { x, y } = at.current
      ring.current?.setAttribute('transform', `translate(${x} ${y})`)
      const points = editor.line().map((point) => `${point.x},${point.y}`)
      line.current?.setAttribute('points', points.join(' '))
    },
  }
  return { ring, line, pointer: usePointer(editor, hand), keys: useArrows(editor, hand) }
}

interface Hand {
  /** Where it is, in pixels of the source. */
  where: () => Point
  move: (to: Point) => void
  /** Shows ring and line where they are now. */
  show: () => void
}

function usePointer(editor: MaskEditor, { move, show }: Hand) {
  const end = () => {
    editor.end()
    show()
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== draws && event.button !== erases) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const point = pointIn(event.currentTarget, event, editor)
      move(point)
      if (event.button === erases) editor.begin(point, 'remove')
      else editor.begin(point)
      show()
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const box = event.currentTarget
      const point = pointIn(box, event, editor)
      move(point)
      if (box.hasPointerCapture(event.pointerId)) {
        // The browser keeps the points between two frames for who asks.
        const between = event.nativeEvent.getCoalescedEvents().map((one) => pointIn(box, one, editor))
        editor.extend(between.length === 0 ? [point] : between)
      }
      show()
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

/** Arrows move the brush, and Space puts it down for as long as it is held. */
function useArrows(editor: MaskEditor, { where, move, show }: Hand) {
  const isDown = useRef(false)
  const end = () => {
    if (!isDown.current) return
    isDown.current = false
    editor.end()
    show()
  }
  return {
    onFocus: show,
    onBlur: end,
    onKeyUp: (event: KeyboardEvent) => event.key === ' ' && end(),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const arrow = arrows[event.key]
      if (arrow) {
        const step = Math.max(1, editor.state().size * (event.shiftKey ? 1 : arrowStep))
        const { x, y } = where()
        move(held({ x: x + arrow.x * step, y: y + arrow.y * step }, editor))
        if (isDown.current) editor.extend([where()])
      } else if (event.key === ' ') {
        if (!isDown.current) editor.begin(where())
        isDown.current = true
      } else return
      event.preventDefault()
      show()
    },
  }
}

const held = ({ x, y }: Point, { width, height }: MaskEditor): Point => ({
  x: Math.min(width, Math.max(0, x)),
  y: Math.min(height, Math.max(0, y)),
})

function pointIn(box: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }, editor: MaskEditor) {
  const { left, top, width, height } = box.getBoundingClientRect()
  return { x: ((clientX - left) / width) * editor.width, y: ((clientY - top) / height) * editor.height }
}
