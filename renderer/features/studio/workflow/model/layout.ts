import type { WorkflowNode } from '../../../../../shared/contract'
import { groupBy } from './group'

/** Of a box on the map, in its own units. */
export const box = { width: 104, height: 26 }
const gap = { x: 26, y: 14 }
/** How near the left edges of two nodes are in the editor that stand in one column there, in its pixels. */
const sameColumn = 180
/** What a box without a place is given there. */
const step = { x: 360, y: 240 }
/** So many pixels of the editor are one unit of the map's height: a node there is some 10 times as high. */
const shrink = 7

/** Above so many boxes no names are shown, and a subgraph is one box. */
export const mostNamed = 60

export interface MapBox {
  /** The node, or the first of a subgraph's. */
  id: string
  /** The node's title; null for a subgraph that is one box. */
  title: string | null
  /** The nodes that it stands for. */
  nodes: string[]
  state: WorkflowNode['state']
  x: number
  y: number
  from: string[]
}

export interface GraphLayout {
  boxes: MapBox[]
  width: number
  height: number
}

type Unplaced = Omit<MapBox, 'x' | 'y'> & { at: WorkflowNode['at'] }

/** The node of the editor's own graph that a node belongs to: `12:3` lies in the subgraph 12. */
const outer = (id: string): string => id.split(':', 1)[0] ?? id

function boxesOf(graph: readonly WorkflowNode[]): Unplaced[] {
  const shown = graph.filter(({ state }) => state !== 'editor-only')
  const single = shown.map(({ id, title, state, at, from }) => ({ id, title, nodes: [id], state, at, from }))
  if (single.length <= mostNamed || !single.some(({ id }) => id.includes(':'))) return single
  const groups = groupBy(single, ({ id }) => outer(id))
  return [...groups].map(([id, members]) => {
    const [first] = members
    if (first && members.length === 1 && !first.id.includes(':')) return { ...first, from: first.from.map(outer) }
    const from = [...new Set(members.flatMap((member) => member.from.map(outer)))].filter((one) => one !== id)
    const state = members.every((member) => member.state !== 'runs') ? (first?.state ?? 'runs') : 'runs'
    return { id, title: null, nodes: members.map((member) => member.id), state, at: null, from }
  })
}

/** Columns by how many steps lie before a box, where the file does not say where it stands. */
function layers(boxes: readonly Unplaced[]): Unplaced[][] {
  const byId = new Map(boxes.map((one) => [one.id, one]))
  const depths = new Map<string, number>()
  const depthOf = (one: Unplaced, above: ReadonlySet<string>): number => {
    const known = depths.get(one.id)
    if (known !== undefined) return known
    const here = new Set([...above, one.id])
    // A graph that runs has no circles; a file may.
    const before = one.from.flatMap((id) => (here.has(id) ? [] : (byId.get(id) ?? [])))
    const depth = Math.max(-1, ...before.map((source) => depthOf(source, here))) + 1
    depths.set(one.id, depth)
    return depth
  }
  const columns: Unplaced[][] = []
  for (const one of boxes) (columns[depthOf(one, new Set())] ??= []).push(one)
  return columns.filter(Boolean)
}

type Drawn = Unplaced & { at: { x: number; y: number } }

/** Places by what takes from what: in each column a box stands as near as can be to what it takes from. */
function drawLayers(boxes: readonly Unplaced[]): Drawn[] {
  const places = new Map<string, number>()
  return layers(boxes).flatMap((column, at) => {
    const wanted = (one: Unplaced, index: number) => {
      const sources = one.from.flatMap((id) => places.get(id) ?? [])
      return sources.length === 0 ? index : sources.reduce((a, b) => a + b, 0) / sources.length
    }
    const sorted = column
      .map((one, index) => ({ one, place: wanted(one, index) }))
      .toSorted((a, b) => a.place - b.place)
    let next = 0
    return sorted.map(({ one, place }) => {
      const row = Math.max(next, place)
      next = row + 1
      places.set(one.id, row)
      return { ...one, at: { x: at * step.x, y: row * step.y } }
    })
  })
}

/** Columns from left to right; so few that names can be read where the whole is seen. */
function columnsOf(boxes: readonly Drawn[]): Drawn[][] {
  const sorted = boxes.toSorted((a, b) => a.at.x - b.at.x)
  const most = Math.max(4, Math.ceil(Math.sqrt(boxes.length) * 0.85))
  for (let near = sameColumn; ; near *= 1.3) {
    const columns: Drawn[][] = []
    let from = -Infinity
    for (const one of sorted) {
      if (one.at.x - from > near) {
        columns.push([])
        from = one.at.x
      }
      columns.at(-1)?.push(one)
    }
    if (columns.length <= most) return columns
  }
}

/** Each where it stands in the editor, drawn together: its columns are kept, and no box lies on another. */
function place(boxes: readonly Drawn[]): MapBox[] {
  const top = Math.min(...boxes.map(({ at }) => at.y))
  return columnsOf(boxes).flatMap((column, index) => {
    let next = 0
    return column
      .toSorted((a, b) => a.at.y - b.at.y || a.at.x - b.at.x)
      .map(({ at, ...rest }) => {
        const y = Math.max(next, (at.y - top) / shrink)
        next = y + box.height + gap.y
        return { ...rest, x: index * (box.width + gap.x), y }
      })
  })
}

/** Empty stretches between rows are taken out: a map is small. */
function drawnTogether(boxes: readonly MapBox[]): MapBox[] {
  const most = box.height + 3 * gap.y
  let last: number | null = null
  let less = 0
  const rows = boxes
    .toSorted((a, b) => a.y - b.y)
    .map((one) => {
      if (last !== null && one.y - last > most) less += one.y - last - most
      last = one.y
      return { ...one, y: one.y - less }
    })
  const byId = new Map(rows.map((one) => [one.id, one]))
  return boxes.map((one) => byId.get(one.id) ?? one)
}

/** Where the nodes of a graph stand on its map: as in the editor, else by what takes from what. */
export function layOut(graph: readonly WorkflowNode[]): GraphLayout {
  const boxes = boxesOf(graph)
  // Places within a subgraph are places of another sheet.
  const drawn = boxes.flatMap((one) => (one.at && !one.id.includes(':') ? { ...one, at: one.at } : []))
  const placed = drawnTogether(place(drawn.length === boxes.length ? drawn : drawLayers(boxes)))
  return {
    boxes: placed,
    width: Math.max(box.width, ...placed.map(({ x }) => x + box.width)),
    height: Math.max(box.height, ...placed.map(({ y }) => y + box.height)),
  }
}

/** The box that an arrow key leads to: the nearest in that direction; null where there is none. */
export function neighbour(
  boxes: readonly MapBox[],
  from: Pick<MapBox, 'x' | 'y'>,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): MapBox | null {
  const isAcross = key === 'ArrowLeft' || key === 'ArrowRight'
  const sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
  let best: { box: MapBox; far: number } | null = null
  for (const one of boxes) {
    const [dx, dy] = [one.x - from.x, one.y - from.y]
    const [ahead, aside] = isAcross ? [dx * sign, dy] : [dy * sign, dx]
    if (ahead <= 1) continue
    const far = ahead + 2 * Math.abs(aside)
    if (!best || far < best.far) best = { box: one, far }
  }
  return best?.box ?? null
}
