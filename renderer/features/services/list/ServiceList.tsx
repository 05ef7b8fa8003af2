import { Button } from '@mantine/core'
import { IconTag } from '@tabler/icons-react'
import { Suspense, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { useIsAdmin } from '../../../api/useSession'
import { useGpuCards } from '../../gpus/useGpus'
import { BulkBar } from './BulkBar'
import { BulkFailures } from './BulkFailures'
import { groupings, groupServices, machinesOf } from './groups'
import { moveTo } from './order'
import { ServiceTable } from './ServiceTable'
import { useArrange } from './useArrange'
import { useBulk } from './useBulk'
import type { Drop } from './useDragging'
import { useListFacts } from './useListFacts'
import { useListView, type ListView } from './useListView'
import { moveBetweenRows } from './useRowKeys'
import { useSelection, type Selection } from './useSelection'
import { countChips, countTags, filterServices, sortServices, worstOf } from './view'
import { ViewBar } from './ViewBar'
import c from './ServiceList.module.css'
import { lazyPart } from '../../../ui/parts'

const TagsDialog = lazyPart(() => import('./TagsDialog'))

interface TagLineProps {
  services: readonly Service[]
  view: ListView
  onChange: (change: Partial<ListView>) => void
}

/** The tags with their counts; several chosen ones mean any of them. */
function TagLine({ services, view, onChange }: TagLineProps) {
  const { t } = useTranslation('list')
  const isAdmin = useIsAdmin()
  const [isEditing, setEditing] = useState(false)
  const tags = countTags(services)
  if (tags.length === 0) return null
  const toggled = (tag: string) =>
    view.tags.includes(tag) ? view.tags.filter((one) => one !== tag) : [...view.tags, tag]
  return (
    <div className={c.tags} role="group" aria-label={t('column.tags')}>
      <IconTag size={14} stroke={1.6} aria-hidden />
      {tags.map(([tag, count]) => (
        <button
          key={tag}
          type="button"
          aria-pressed={view.tags.includes(tag)}
          onClick={() => onChange({ tags: toggled(tag) })}
        >
          {tag} <span className="num">{count}</span>
        </button>
      ))}
      {isAdmin && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setEditing(true)}>
          {t('tags.edit')}
        </Button>
      )}
      {isEditing && (
        <Suspense>
          <TagsDialog services={services} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </div>
  )
}

/** The service whose row has the focus, and the rows beside it. */
function focusedRow(table: HTMLElement): { id: string; above: string | undefined; below: string | undefined } | null {
  const rows = [...table.querySelectorAll<HTMLElement>('[data-row-of]')]
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const id = rows[at]?.dataset['rowOf']
  if (id === undefined) return null
  return { id, above: rows[at - 1]?.dataset['rowOf'], below: rows[at + 1]?.dataset['rowOf'] }
}

/** Space chooses, Shift with the arrows extends, Ctrl A takes all, Escape none; Alt with the arrows moves a row. */
function useListKeys(selection: Selection, move: ((id: string, drop: Drop) => void) | undefined) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const { key, altKey, shiftKey, currentTarget, target } = event
    const isInput = target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), [role^="menu"] *')
    if (isInput) return
    const row = focusedRow(currentTarget)
    const arrow = key === 'ArrowUp' ? 'above' : key === 'ArrowDown' ? 'below' : null
    if (key === 'Escape' && selection.ids.length > 0) selection.clear()
    else if (key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selection.all()
    else if (key === ' ' && row && target instanceof HTMLAnchorElement) selection.toggle(row.id)
    else if (arrow && row && altKey) {
      const other = row[arrow]
      if (move && other !== undefined) move(row.id, { target: other, side: arrow === 'above' ? 'before' : 'after' })
    } else {
      const next = arrow && row?.[arrow]
      moveBetweenRows(event)
      if (next && shiftKey) selection.toggle(next, true)
      return
    }
    event.preventDefault()
  }
}

/** Moves a service in the custom order. */
function useMoving(services: readonly Service[], sorted: readonly Service[]) {
  const { arrange } = useArrange()
  return (dragged: string, { target, side }: Drop) => {
    if (!services.some(({ id }) => id === dragged)) return
    const changes = moveTo(sorted, dragged, target, side)
    if (changes.length > 0) arrange(changes)
  }
}

/** All services as rows: found, sorted, grouped, chosen, and something done with the chosen ones. */
export function ServiceList({ services }: { services: Service[] }) {
  const { t } = useTranslation('list')
  const [view, setView] = useListView('services', 'none')
  const isAdmin = useIsAdmin()
  const gpus = useGpuCards()
  const facts = useListFacts(services)
  const shown = sortServices(filterServices(services, view, facts), view.sort, facts)
  const groups = groupServices(shown, view.group, gpus)
  const selection = useSelection(shown.map(({ id }) => id))
  const bulk = useBulk(selection.set)
  const move = useMoving(services, sortServices(services, 'custom', facts))
  const isMovable = isAdmin && view.sort === 'custom'
  const onKeyDown = useListKeys(selection, isMovable ? move : undefined)
  const chosen = shown.filter(({ id }) => selection.has(id))
  const fold = (key: string) =>
    setView({
      folded: view.folded.includes(key) ? view.folded.filter((one) => one !== key) : [...view.folded, key],
    })
  return (
    <div className={c.list} data-bulk={chosen.length > 0 || undefined} onKeyDown={onKeyDown}>
      <section className={c.panel} aria-label={t('title')}>
        <ViewBar
          view={view}
          onChange={setView}
          counts={countChips(services, facts)}
          worst={worstOf(services, facts.attention)}
          groupings={groupings.filter((one) => one !== 'machine' || machinesOf(services).length > 1)}
        />
        <TagLine services={services} view={view} onChange={setView} />
        {shown.length === 0 ? (
          <p className={c.nothing}>
            {t('nothing')}
            <Button variant="default" size="compact-xs" onClick={() => setView({ text: '', chip: 'all', tags: [] })}>
              {t('clear')}
            </Button>
          </p>
        ) : (
          <ServiceTable
            groups={groups}
            facts={facts}
            gpus={gpus}
            selection={selection}
            onDrop={isMovable ? move : undefined}
            folded={view.folded}
            onFold={fold}
          />
        )}
      </section>
      <BulkFailures failures={bulk.failures} onClose={bulk.forget} />
      {(chosen.length > 0 || bulk.run) && <BulkBar services={chosen} bulk={bulk} onClear={selection.clear} />}
    </div>
  )
}
