import { useEffect, useEffectEvent, useRef, useState, type PointerEvent, type RefObject } from 'react'
import { box as size, type GraphLayout, type MapBox } from '../model/layout'

/** Around the graph, in its units. */
const edge = 16
/** A small graph is not drawn larger than this. */
const least = { width: 560, height: 300 }
const mostZoom = 6
/** So many CSS px a unit has at most before anybody zooms. */
const mostScale = 1.15
/** A pointer that moved less, in CSS px, clicked. */
const slack = 4

interface View {
  zoom: number
  /** The middle of what is seen, in the graph's units. */
  x: number
  y: number
}

const between = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** Moves what is seen as the pointer drags it; `unit`: so many of the graph's units are one CSS px. */
function useDrag(view: View, unit: () => number, put: (view: View) => void) {
  const held = useRef<{ x: number; y: number; view: View } | null>(null)
  const far = useRef(0)
  return {
    /** Whether the pointer that was let go had only clicked. */
    wasClick: () => far.current <= slack,
    drag: {
      onPointerDown: (event: PointerEvent) => {
        far.current = 0
        // A finger scrolls the page until the map is zoomed.
        if (event.button !== 0 || (event.pointerType === 'touch' && view.zoom === 1)) return
        held.current = { x: event.clientX, y: event.clientY, view }
      },
      onPointerMove: (event: PointerEvent) => {
        const from = held.current
        if (!from || event.buttons === 0) return
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
        far.current = Math.max(far.current, Math.hypot(dx, dy))
        if (far.current <= slack) return
        put({ ...from.view, x: from.view.x - dx * unit(), y: from.view.y - dy * unit() })
      },
      onPointerUp: () => {
        held.current = null
      },
    },
  }
}

/** What part of the graph is seen: the whole, or less after zooming; dragged by the pointer, zoomed by Ctrl and the wheel. */
export function useView(svg: RefObject<SVGSVGElement | null>, layout: GraphLayout) {
  const whole = { zoom: 1, x: layout.width / 2, y: layout.height / 2 }
  const [chosen, setView] = useState<View | null>(null)
  const view = chosen ?? whole
  const full = {
    width: Math.max(least.width, layout.width + 2 * edge),
    height: Math.max(least.height, layout.height + 2 * edge),
  }
  const width = full.width / view.zoom
  const height = full.height / view.zoom
  const put = ({ zoom, x, y }: View) =>
    setView({ zoom, x: between(x, 0, layout.width), y: between(y, 0, layout.height) })
  const zoom = (by: number) => put({ ...view, zoom: between(view.zoom * by, 1, mostZoom) })
  const onWheel = useEffectEvent((event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15)
  })
  useEffect(() => {
    const element = svg.current
    // React's own listener may not keep the page from zooming.
    const wheel = (event: WheelEvent) => onWheel(event)
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  }, [svg])

  const unit = () => {
    const seen = svg.current?.getBoundingClientRect()
    return seen ? Math.max(width / seen.width, height / seen.height) : 1
  }
  return {
    ...useDrag(view, unit, put),
    box: `${view.x - width / 2} ${view.y - height / 2} ${width} ${height}`,
    isZoomed: view.zoom > 1,
    /** In CSS px: a wide window does not make the map's names larger than those around it. */
    mostWidth: full.width * mostScale,
    zoom,
    fit: () => setView(null),
    /** Brings a box into sight. */
    show: ({ x, y }: MapBox) => {
      const [dx, dy] = [x + size.width / 2 - view.x, y + size.height / 2 - view.y]
      if (Math.abs(dx) > width / 2 - size.width || Math.abs(dy) > height / 2 - size.height)
        put({ ...view, x: view.x + dx, y: view.y + dy })
    },
  }
}
