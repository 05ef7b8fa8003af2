import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail } from '../../../../../shared/contract'
import { Panel, PanelAction } from '../../../../ui/Panel'
import { layOut, type MapBox } from '../model/layout'
import c from './Graph.module.css'
import { GraphMap } from './GraphMap'
import { looksOf, type NodeLook } from './looks'

interface GraphPanelProps {
  detail: WorkflowDetail
  missing: ReadonlySet<string>
  /** Opens the inputs of a node. */
  onNode: (id: string) => void
}

const legend = ['pinned', 'missing', 'bypassed'] as const

/** The graph in small, as a map or as a list: what runs, what is pinned, what is missing. */
export function GraphPanel({ detail, missing, onNode }: GraphPanelProps) {
  const { t } = useTranslation('workflow')
  const [isList, setList] = useState(false)
  const { graph } = detail
  const layout = useMemo(() => layOut(graph), [graph])
  const looks = looksOf(detail, missing)
  const nodes = graph.filter(({ state }) => state !== 'editor-only')
  const runs = nodes.filter(({ state }) => state === 'runs').length
  const words = (box: MapBox) => box.title ?? t('graph.subgraph', { node: box.id, count: box.nodes.length })
  return (
    <Panel
      title={t('graph.title')}
      note={t('graph.run', { count: runs, of: nodes.length })}
      action={
        <>
          <span className={c.key} aria-hidden>
            {legend.map((look) => (
              <span key={look} data-look={look}>
                {t(`graph.look.${look}`)}
              </span>
            ))}
          </span>
          <PanelAction onClick={() => setList(!isList)}>{t(isList ? 'graph.asMap' : 'graph.asList')}</PanelAction>
        </>
      }
      flush
      fill
      className={c.panel}
    >
      {isList ? (
        <NodeList boxes={layout.boxes} looks={looks} words={words} onNode={onNode} />
      ) : (
        <GraphMap layout={layout} looks={looks} words={words} onNode={onNode} />
      )}
    </Panel>
  )
}

interface NodeListProps {
  boxes: readonly MapBox[]
  looks: ReadonlyMap<string, NodeLook>
  words: (box: MapBox) => string
  onNode: (id: string) => void
}

function NodeList({ boxes, looks, words, onNode }: NodeListProps) {
  const { t } = useTranslation('workflow')
  const named = new Map(boxes.map((box) => [box.id, words(box)]))
  return (
    <ol className={c.list} aria-label={t('graph.list')}>
      {boxes.map((box) => {
        const look = looks.get(box.id)
        const sources = box.from.flatMap((id) => named.get(id) ?? [])
        const text = (
          <>
            <b>{words(box)}</b>
            <span>{t('node', { node: box.id })}</span>
            {look && look !== 'plain' && <em data-look={look}>{t(`graph.look.${look}`)}</em>}
            {sources.length > 0 && <small>{t('graph.from', { nodes: sources.join(', ') })}</small>}
          </>
        )
        return (
          <li key={box.id}>
            <button type="button" onClick={() => onNode(box.nodes[0] ?? box.id)}>
              {text}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
