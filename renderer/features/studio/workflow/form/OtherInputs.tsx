import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageKeys } from '../../../../ui/page-keys'
import s from '../../Studio.module.css'
import { findInputs, type NodeInputs as OneNode } from '../model/form'
import type { Kept } from '../model/kept'
import c from './Form.module.css'
import type { Labels } from './labels'
import { NodeInputs } from './NodeInputs'
import type { Pins } from './usePins'

interface OtherInputsProps {
  /** The form around them. */
  root: RefObject<HTMLElement | null>
  nodes: readonly OneNode[]
  /** The node whose inputs were asked for on the map, and when. */
  asked: { id: string; at: number } | null
  workflowId: string
  kept: Kept
  labels: Labels
  pins: Pins
}

/** With more inputs than this there is a search. */
const manyInputs = 8
/** A search that finds so few nodes opens them. */
const fewNodes = 4

/** Brings the inputs of a node into sight, wherever they stand, and the focus to the first. */
function useAskedNode(
  root: { current: HTMLElement | null },
  node: OtherInputsProps['asked'],
  open: (id: string) => void,
) {
  const done = useRef(0)
  useEffect(() => {
    if (!node || done.current === node.at) return
    done.current = node.at
    open(node.id)
    requestAnimationFrame(() => {
      const of = (where: string) => root.current?.querySelector<HTMLElement>(`[${where}="${CSS.escape(node.id)}"]`)
      const found = of('data-fold') ?? of('data-node')
      found?.scrollIntoView({ block: 'nearest' })
      found?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
    })
  })
}

/** All inputs that are not pinned, folded by node; a search finds some of them. */
export function OtherInputs({ root, nodes, asked, ...common }: OtherInputsProps) {
  const { t } = useTranslation('workflow')
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const find = useRef<HTMLInputElement>(null)
  const found = findInputs(nodes, query, common.labels.nameOf)
  const toggle = (one: string, isOpen: boolean) =>
    setOpen((now) => new Set(isOpen ? [...now, one] : [...now].filter((other) => other !== one)))
  useAskedNode(root, asked, (one) => {
    setQuery('')
    toggle(one, true)
  })
  usePageKeys('workflow', { find: () => find.current?.focus() })
  const count = nodes.reduce((sum, { inputs }) => sum + inputs.length, 0)
  if (count === 0) return null
  return (
    <div className={c.others}>
      <div className={c.section}>
        <h2>{t('form.others')}</h2>
        <span>{t('form.byNode', { count })}</span>
      </div>
      {count > manyInputs && (
        <TextInput
          ref={find}
          type="search"
          className={c.find}
          placeholder={t('form.find')}
          aria-label={t('form.find')}
          aria-keyshortcuts="/"
          leftSection={<IconSearch size={14} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      {found.length === 0 && <p className={s.note}>{t('form.nothingFound')}</p>}
      {found.map((one) => (
        <NodeInputs
          key={one.node}
          of={one}
          isOpen={open.has(one.node) || (query.trim() !== '' && found.length <= fewNodes)}
          onToggle={(isOpen) => toggle(one.node, isOpen)}
          {...common}
        />
      ))}
    </div>
  )
}
