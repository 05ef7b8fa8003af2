import { createHistory } from './history'
import {
  clear,
  coverage,
  createMask,
  fillPolygon,
  fillRectangle,
  invert,
  paintSegment,
  readPixels,
  united,
  type Area,
  type Mask,
  type Paint,
  type Point,
} from './model'
import { feathered, veilOf } from './pixels'

export const tools = ['brush', 'eraser', 'lasso'] as const
export type Tool = (typeof tools)[number]

/** Diameters of the brush, in pixels of the source. */
export const leastSize = 4
export const mostSize = 600
export const mostFeather = 64

/** A mask is painted on so many pixels a side at most, and sent at the size of its source. */
const longestSide = 2048

/** What the controls show. */
export interface EditorState {
  tool: Tool
  /** Diameter of the brush, in pixels of the source. */
  size: number
  /** In pixels of the source. */
  feather: number
  /** From 0 to 1. */
  coverage: number
  canUndo: boolean
  canRedo: boolean
}

/** Paints a mask over a picture, on a canvas that React does not know. Points are in pixels of the source. */
export interface MaskEditor {
  readonly width: number
  readonly height: number
  subscribe: (listener: () => void) => () => void
  state: () => EditorState
  set: (part: Partial<Choices>) => void
  /** Shows the mask on a canvas; returns how to stop. */
  show: (canvas: HTMLCanvasElement) => () => void
  /** A stroke begins, goes on, ends; the last is a step. `paint`: other than the tool's own. */
  begin: (point: Point, paint?: Paint) => void
  extend: (points: readonly Point[]) => void
  end: () => void
  /** The line of the lasso that is being drawn. */
  line: () => readonly Point[]
  rectangle: (area: Area, paint: Paint) => void
  undo: () => void
  redo: () => void
  invert: () => void
  clear: () => void
  /** Takes over a mask that was painted before; it is a step of its own. */
  load: (picture: CanvasImageSource) => void
  /** As it was painted, as a data URL for `load`; null where nothing is. */
  draft: () => string | null
  /** As a PNG of the source's size, feathered: white may change. */
  file: () => Promise<File>
}

const context = (canvas: HTMLCanvasElement) => {
  const found = canvas.getContext('2d')
  if (!found) throw new Error('this browser draws on no canvas')
  return found
}

function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  return canvas
}

export function createMaskEditor({ width, height }: { width: number; height: number }): MaskEditor {
  const scale = Math.min(1, longestSide / Math.max(width, height))
  const mask = createMask(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const history = createHistory(mask)
  const painter = createPainter(mask)
  const chosen = createChoices(width, height)
  const { state, subscribe, tell } = createState(() => ({
    ...chosen.now(),
    coverage: coverage(mask),
    canUndo: history.canUndo,
    canRedo: history.canRedo,
  }))
  const changed = (area: Area | null) => {
    painter.draw(area)
    tell()
  }
  const step = (area: Area | null) => {
    if (area) history.keep()
    changed(area)
  }
  const strokes = createStrokes(mask, {
    brush: () => ({ isLasso: chosen.now().tool === 'lasso', radius: (chosen.now().size / 2) * scale }),
    inMask: ({ x, y }) => ({ x: x * scale, y: y * scale }),
    draw: painter.draw,
  })

  return {
    width,
    height,
    subscribe,
    state,
    set(part) {
      chosen.set(part)
      tell()
    },
    show: (canvas) => painter.show(canvas),
    begin: (point, paint = chosen.now().tool === 'eraser' ? 'remove' : 'add') => strokes.begin(point, paint),
    extend: strokes.extend,
    end() {
      if (!strokes.end()) return
      history.keep()
      tell()
    },
    line: strokes.line,
    rectangle: (area, paint) => step(fillRectangle(mask, scaled(area, scale), paint)),
    undo: () => changed(history.undo()),
    redo: () => changed(history.redo()),
    invert: () => step(invert(mask)),
    clear: () => step(mask.set === 0 ? null : clear(mask)),
    load: (picture) => step(readPicture(mask, picture)),
    draft: () => (mask.set === 0 ? null : painted(mask, feathered(mask, 0)).toDataURL()),
    file: () => fileOf(mask, { width, height, feather: chosen.now().feather * scale }),
  }
}

/** What the controls show, and who wants to know when it changes. */
function createState(now: () => EditorState) {
  const listeners = new Set<() => void>()
  let state = now()
  return {
    state: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell: () => {
      state = now()
      for (const listener of listeners) listener()
    },
  }
}

const scaled = ({ left, top, right, bottom }: Area, scale: number): Area => ({
  ...{ left: left * scale, top: top * scale },
  ...{ right: right * scale, bottom: bottom * scale },
})

function readPicture(mask: Mask, picture: CanvasImageSource): Area {
  const drawing = context(canvasOf(mask.width, mask.height))
  drawing.drawImage(picture, 0, 0, mask.width, mask.height)
  return readPixels(mask, drawing.getImageData(0, 0, mask.width, mask.height).data)
}

interface StrokeParts {
  /** What the tool that is chosen draws with. */
  brush: () => { isLasso: boolean; radius: number }
  /** From pixels of the source to those of the mask. */
  inMask: (point: Point) => Point
  draw: (area: Area | null) => void
}

/** One stroke after the other: the brush paints as it goes, the lasso fills when it ends. */
function createStrokes(mask: Mask, { brush, inMask, draw }: StrokeParts) {
  let stroke: { paint: Paint; points: Point[]; isLasso: boolean } | null = null
  const dab = (from: Point, to: Point, paint: Paint) =>
    draw(paintSegment(mask, [inMask(from), inMask(to)], { radius: brush().radius, paint }))
  return {
    begin: (point: Point, paint: Paint): void => {
      stroke = { paint, points: [point], isLasso: brush().isLasso }
      if (!stroke.isLasso) dab(point, point, paint)
    },
    extend: (points: readonly Point[]): void => {
      if (!stroke) return
      for (const point of points) {
        if (!stroke.isLasso) dab(stroke.points.at(-1) ?? point, point, stroke.paint)
        stroke.points.push(point)
      }
    },
    /** Returns whether anything was drawn. */
    end: (): boolean => {
      if (!stroke) return false
      const { isLasso, points, paint } = stroke
      stroke = null
      if (!isLasso) return true
      const filled = fillPolygon(mask, points.map(inMask), paint)
      draw(filled)
      return filled !== null
    },
    line: (): readonly Point[] => (stroke?.isLasso ? stroke.points : []),
  }
}

type Choices = Pick<EditorState, 'tool' | 'size' | 'feather'>

/** Tool, size and feather, within their bounds; at first a brush that is easy to see on the picture. */
function createChoices(width: number, height: number) {
  let chosen: Choices = { tool: 'brush', size: Math.max(width, height) / 12, feather: 8 }
  const set = (part: Partial<Choices>): void => {
    const { tool, size, feather } = { ...chosen, ...part }
    chosen = {
      tool,
      size: Math.min(mostSize, Math.max(leastSize, Math.round(size))),
      feather: Math.min(mostFeather, Math.max(0, Math.round(feather))),
    }
  }
  set({})
  return { now: () => chosen, set }
}

/** Draws on the canvas what changed, at most once a frame. */
function createPainter(mask: Mask) {
  let canvas: HTMLCanvasElement | null = null
  let due: Area | null = null
  let frame = 0
  const paint = () => {
    frame = 0
    if (!canvas || !due) return
    // As thick on the screen at any size of the picture.
    const thickness = Math.max(1, Math.round((1.5 * mask.width) / (canvas.clientWidth || mask.width)))
    const area = {
      left: Math.max(0, due.left - thickness),
      top: Math.max(0, due.top - thickness),
      right: Math.min(mask.width, due.right + thickness),
      bottom: Math.min(mask.height, due.bottom + thickness),
    }
    due = null
    const [columns, rows] = [area.right - area.left, area.bottom - area.top]
    if (columns <= 0 || rows <= 0) return
    const bytes = veilOf(mask, area, thickness)
    context(canvas).putImageData(new ImageData(bytes, columns, rows), area.left, area.top)
  }
  const draw = (area: Area | null) => {
    due = united(due, area)
    if (canvas && due && frame === 0) frame = requestAnimationFrame(paint)
  }
  return {
    draw,
    show(shown: HTMLCanvasElement) {
      canvas = shown
      Object.assign(shown, { width: mask.width, height: mask.height })
      draw({ left: 0, top: 0, right: mask.width, bottom: mask.height })
      return () => {
        cancelAnimationFrame(frame)
        frame = 0
        canvas = null
      }
    },
  }
}

/** The mask as a PNG; larger than it was painted where the source is. */
async function fileOf(
  mask: Mask,
  { width, height, feather }: { width: number; height: number; feather: number },
): Promise<File> {
  const canvas = canvasOf(width, height)
  context(canvas).drawImage(painted(mask, feathered(mask, feather)), 0, 0, width, height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('this browser makes no PNG of a canvas')
  return new File([blob], 'mask.png', { type: 'image/png' })
}

/** A picture of a mask, of the size at which it was painted, of what each of its pixels says. */
function painted(mask: Mask, soft: ArrayLike<number>): HTMLCanvasElement {
  const bytes = new Uint8ClampedArray(soft.length * 4)
  for (let index = 0; index < soft.length; index += 1) {
    const value = soft[index] ?? 0
    bytes.set([value, value, value, 255], index * 4)
  }
  const canvas = canvasOf(mask.width, mask.height)
  context(canvas).putImageData(new ImageData(bytes, mask.width, mask.height), 0, 0)
  return canvas
}
