import { useEffect, useEffectEvent, useRef, useState, type PointerEvent } from 'react'
import { fit, nextStep, panned, placed, zoomedTo, type Point, type Size, type View } from './zoom'

const nowhere: Size = { width: 0, height: 0 }

/** How far a notch of the wheel zooms. */
const wheelFactor = 0.0015
/** How far an arrow key moves, in CSS px. */
export const keyStep = 80

/** The way from the stage's centre to where the pointer is, in CSS px. */
function fromCentre(element: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const box = element.getBoundingClientRect()
  return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 }
}

const distance = ([a, b]: Point[]) => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0)

interface Gestures {
  move: (by: Point) => void
  /** Zooms by a factor; the point stays where it is. */
  zoomBy: (factor: number, at: Point) => void
  /** Called for a press that moved nothing. */
  still: (() => void) | undefined
}

/** Drag with one pointer, pinch with two. */
function useGestures({ move, zoomBy, still }: Gestures) {
  const pointers = useRef(new Map<number, Point>())
  const moved = useRef(0)
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button, a'))) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pointers.current.set(event.pointerId, fromCentre(event.currentTarget, event))
    if (pointers.current.size === 1) moved.current = 0
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = fromCentre(event.currentTarget, event)
    const apart = distance([...pointers.current.values()])
    pointers.current.set(event.pointerId, now)
    moved.current += Math.abs(now.x - before.x) + Math.abs(now.y - before.y)
    const [a, b] = [...pointers.current.values()]
    if (a && b && apart > 0) zoomBy(distance([a, b]) / apart, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
    else move({ x: now.x - before.x, y: now.y - before.y })
  }
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (pointers.current.delete(event.pointerId) && pointers.current.size === 0 && moved.current < 4) still?.()
  }
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp }
}

/** The element that takes the ref, and its size. */
function useStage() {
  const [element, attach] = useState<HTMLElement | null>(null)
  const [stage, setStage] = useState<Size>(nowhere)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(() => setStage({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return { element, attach, stage }
}

/** The wheel over an element, which then does not scroll the page. */
function useWheel(element: HTMLElement | null, turn: (event: WheelEvent, element: HTMLElement) => void): void {
  const onWheel = useEffectEvent(turn)
  useEffect(() => {
    if (!element) return
    // React's own listener is passive: it could not keep the page from scrolling.
    const listen = (event: WheelEvent) => {
      event.preventDefault()
      onWheel(event, element)
    }
    element.addEventListener('wheel', listen, { passive: false })
    return () => element.removeEventListener('wheel', listen)
  }, [element])
}

const centre: Point = { x: 0, y: 0 }

/**
 * Zoom by wheel, keys and pinch, pan by drag; one state for as many stages of one size as show the same part of their
 * images. `still` is called for a press that moved nothing.
 */
export function useZoom(image: Size, still?: () => void) {
  const [view, setView] = useState<View>(fit)
  const { element, attach, stage } = useStage()
  const sizes = { image, stage }
  const zoomBy = (factor: number, at: Point) =>
    setView((was) => zoomedTo(was, placed(was, image, stage).scale * factor, at, sizes))
  useWheel(element, (event, over) => zoomBy(Math.exp(-event.deltaY * wheelFactor), fromCentre(over, event)))
  const pan = (by: Point) => setView((was) => (was.kind === 'fit' ? was : panned(was, by, sizes)))
  const pointer = useGestures({ move: pan, zoomBy, still })
  const { scale, x, y } = placed(view, image, stage)
  return {
    ...{ view, stage, scale, attach, pointer, pan },
    isFit: view.kind === 'fit',
    /** How the image is drawn: in the middle of its stage, and moved from there. */
    style: {
      width: image.width * scale,
      height: image.height * scale,
      transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
    },
    fit: () => setView(fit),
    step: (direction: 1 | -1) => setView(zoomedTo(view, nextStep(scale, direction), centre, sizes)),
    /** From all of it to its own pixels, and back. */
    toggle: () => setView(view.kind === 'fit' ? zoomedTo(view, 1, centre, sizes) : fit),
  }
}

export type Zoom = ReturnType<typeof useZoom>
