import { useCallback, useEffect, useEffectEvent, useRef, useState, type PointerEvent, type RefCallback } from 'react'
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

/**
 * Zoom by wheel, keys and pinch, pan by drag; one state for as many stages of one size as show the same part of their
 * images. `onStill` is called for a press that moved nothing.
 */
export function useZoom(image: Size, onStill?: () => void) {
  const [view, setView] = useState<View>(fit)
  const [stage, setStage] = useState<Size>(nowhere)
  const sizes = { image, stage }
  const pointers = useRef(new Map<number, Point>())
  const moved = useRef(0)

  const onWheel = useEffectEvent((element: HTMLElement, event: WheelEvent) => {
    event.preventDefault()
    const { scale } = placed(view, image, stage)
    setView(zoomedTo(view, scale * Math.exp(-event.deltaY * wheelFactor), fromCentre(element, event), sizes))
  })
  const element = useRef<HTMLElement | null>(null)
  const attach: RefCallback<HTMLElement> = useCallback((found) => {
    element.current = found
    if (!found) return
    const observer = new ResizeObserver(() => setStage({ width: found.clientWidth, height: found.clientHeight }))
    observer.observe(found)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const found = element.current
    if (!found) return
    // React's own listener is passive: it could not keep the page from scrolling.
    const listen = (event: WheelEvent) => onWheel(found, event)
    found.addEventListener('wheel', listen, { passive: false })
    return () => found.removeEventListener('wheel', listen)
  })

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
    if (pointers.current.size === 2 && apart > 0) {
      const [a, b] = [...pointers.current.values()]
      if (!a || !b) return
      const factor = distance([a, b]) / apart
      setView((was) => {
        const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
        return zoomedTo(was, placed(was, image, stage).scale * factor, middle, sizes)
      })
    } else
      setView((was) => (was.kind === 'fit' ? was : panned(was, { x: now.x - before.x, y: now.y - before.y }, sizes)))
  }
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (pointers.current.delete(event.pointerId) && pointers.current.size === 0 && moved.current < 4) onStill?.()
  }

  const { scale, x, y } = placed(view, image, stage)
  const centre = { x: 0, y: 0 }
  return {
    view,
    stage,
    scale,
    isFit: view.kind === 'fit',
    attach,
    pointer: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
    /** How the image is drawn: in the middle of its stage, and moved from there. */
    style: {
      width: image.width * scale,
      height: image.height * scale,
      transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
    },
    fit: () => setView(fit),
    to: (next: number) => setView(zoomedTo(view, next, centre, sizes)),
    step: (direction: 1 | -1) => setView(zoomedTo(view, nextStep(scale, direction), centre, sizes)),
    pan: (by: Point) => setView(panned(view, by, sizes)),
    /** From all of it to its own pixels, and back. */
    toggle: () => setView(view.kind === 'fit' ? zoomedTo(view, 1, centre, sizes) : fit),
  }
}

export type Zoom = ReturnType<typeof useZoom>
