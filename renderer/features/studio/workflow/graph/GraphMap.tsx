import { ActionIcon } from '@mantine/core'
import { IconMinus, IconMaximize, IconPlus } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { box as size, mostNamed, neighbour, type GraphLayout, type MapBox } from '../model/layout'
import c from './Graph.module.css'
import type { NodeLook } from './looks'
import { useView } from './useView'

interface GraphMapProps {
  layout: GraphLayout
  looks: ReadonlyMap<string, NodeLook>
  words: (box: MapBox) => string
  onNode: (id: string) => void
}

/** So many characters of a title stand in a box; the whole is its name for screen readers and its tooltip. */
const mostLetters = 15
const cut = (text: string) => (text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text)

/** The line from one box to another: a curve to what stands right of it, straight down or up in its column. */
function lineOf(a: MapBox, b: MapBox): string {
  if (a.x === b.x) {
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a]
    return `M${a.x + size.width / 2} ${upper.y + size.height}V${lower.y}`
  }
  const [y1, y2] = [a.y + size.height / 2, b.y + size.height / 2]
  const [x1, x2] = [a.x + size.width, b.x]
  const bend = Math.max(14, Math.min(60, Math.abs(x2 - x1) / 2))
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

/** How much nearer one step of the zoom is. */
const closer = 1.25

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const
const arrowOf = (key: string) => arrows.find((one) => one === key)

/** The graph as a map: zoom, pan, and a way to the inputs of each node; arrow keys go from node to node. */
export function GraphMap({ layout, looks, words, onNode }: GraphMapProps) {
  const { t } = useTranslation('workflow')
  const svg = useRef<SVGSVGElement>(null)
  const [current, setCurrent] = useState(layout.boxes[0]?.id)
  const view = useView(svg, layout)
  const asked = useRef(false)
  useEffect(() => {
    if (!asked.current) return
    asked.current = false
    svg.current?.querySelector<SVGGElement>('[tabindex="0"]')?.focus()
  }, [current])
  const open = (one: MapBox) => onNode(one.nodes[0] ?? one.id)
  const onKey = (event: KeyboardEvent, one: MapBox) => {
    const arrow = arrowOf(event.key)
    const next = arrow && neighbour(layout.boxes, one, arrow)
    if (next) {
      asked.current = true
      setCurrent(next.id)
      view.show(next)
    } else if (event.key === 'Enter' || event.key === ' ') open(one)
    else if (event.key === '+') view.zoom(closer)
    else if (event.key === '-') view.zoom(1 / closer)
    else if (event.key === '0') view.fit()
    else if (!arrow) return
    event.preventDefault()
  }
  return (
    <div className={c.map}>
      <svg
        ref={svg}
        viewBox={view.box}
        style={{ maxWidth: view.mostWidth }}
        preserveAspectRatio="xMidYMid meet"
        role="group"
        aria-label={t('graph.map', { count: layout.boxes.length })}
        data-zoomed={view.isZoomed || undefined}
        {...view.drag}
      >
        <Lines boxes={layout.boxes} looks={looks} />
        {layout.boxes.map((one) => (
          <Node
            key={one.id}
            of={one}
            name={words(one)}
            look={one.nodes.map((id) => looks.get(id)).find((each) => each !== 'plain') ?? 'plain'}
            isNamed={layout.boxes.length <= mostNamed}
            isCurrent={one.id === current}
            onOpen={() => view.wasClick() && open(one)}
            onFocus={() => setCurrent(one.id)}
            onKey={(event) => onKey(event, one)}
          />
        ))}
      </svg>
      <Tools onZoom={view.zoom} onFit={view.fit} />
    </div>
  )
}

function Lines({ boxes, looks }: { boxes: readonly MapBox[]; looks: GraphMapProps['looks'] }) {
  const byId = new Map(boxes.map((one) => [one.id, one]))
  return boxes.flatMap((one) =>
    one.from.flatMap((id) => {
      const source = byId.get(id)
      if (!source) return []
      const look = [looks.get(id), looks.get(one.id)].find((each) => each !== 'pinned' && each !== 'plain')
      return <path key={`${id} ${one.id}`} d={lineOf(source, one)} className={c.line} data-look={look} />
    }),
  )
}

interface NodeProps {
  of: MapBox
  name: string
  look: NodeLook
  isNamed: boolean
  isCurrent: boolean
  onOpen: () => void
  onFocus: () => void
  onKey: (event: KeyboardEvent) => void
}

function Node({ of, name, look, isNamed, isCurrent, onOpen, onFocus, onKey }: NodeProps) {
  const { t } = useTranslation('workflow')
  const state = look === 'plain' ? '' : t(`graph.look.${look}`)
  return (
    <g
      role="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={[name, t('node', { node: of.id }), state].filter(Boolean).join(', ')}
      className={c.node}
      data-look={look}
      onClick={onOpen}
      onFocus={onFocus}
      onKeyDown={onKey}
    >
      <title>{name}</title>
      <rect x={of.x} y={of.y} width={size.width} height={size.height} rx={5} />
      {isNamed && (
        <text x={of.x + size.width / 2} y={of.y + 17} textAnchor="middle">
          {cut(name)}
        </text>
      )}
    </g>
  )
}

function Tools({ onZoom, onFit }: { onZoom: (by: number) => void; onFit: () => void }) {
  const { t } = useTranslation('workflow')
  return (
    <span className={c.tools}>
      <ActionIcon size={26} aria-label={t('graph.in')} onClick={() => onZoom(closer)}>
        <IconPlus size={14} />
      </ActionIcon>
      <ActionIcon size={26} aria-label={t('graph.out')} onClick={() => onZoom(1 / closer)}>
        <IconMinus size={14} />
      </ActionIcon>
      <ActionIcon size={26} aria-label={t('graph.fit')} onClick={onFit}>
        <IconMaximize size={14} />
      </ActionIcon>
    </span>
  )
}
