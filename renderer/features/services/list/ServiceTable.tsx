import { memo, type ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gpu, Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { formatHost } from '../../../i18n/format'
import { hrefOf } from '../../../ui/route'
import { statusOf } from '../state'
import { Card, KindMark, Memory, Model, Name, State } from './Cells'
import { GroupHead } from './GroupHead'
import type { ServiceGroup } from './groups'
import { Marks } from './Marks'
import { Now } from './Now'
import { RowMenu } from './RowMenu'
import { useDragging, type Drop } from './useDragging'
import { rowLink, rowOf } from './useRowKeys'
import type { Doing, RowFacts } from './useListFacts'
import type { Selection } from './useSelection'
import { useListWords, useWords, Words } from './words'
import c from './ServiceTable.module.css'

interface RowProps extends Doing {
  service: Service
  isDrifted: boolean
  gpu: Gpu | undefined
  isChosen: boolean
  isMovable: boolean
  /** A dragged row would go before or after this one. */
  over: Drop['side'] | undefined
}

function Tags({ tags }: Pick<Service, 'tags'>) {
  return (
    <span className={c.tags} title={tags.join(', ')}>
      {tags.map((tag) => (
        <span key={tag} className={c.tag}>
          {tag}
        </span>
      ))}
    </span>
  )
}

/** The table hears it: rows are drawn only when what they show changes. */
const heard = () => undefined

function Who({ service, isDrifted }: Pick<RowProps, 'service' | 'isDrifted'>) {
  const t = useWords()
  const { id, kind, runtime, url } = service
  return (
    <span className={c.kindAndName}>
      <KindMark kind={kind} />
      <span className={c.two}>
        <a className={c.open} href={hrefOf('services', id)} draggable={false} {...rowLink}>
          <Name service={service} isDrifted={isDrifted} />
        </a>
        <span className={`ellipsis ${c.host}`}>
          <span className="mono">{formatHost(url)}</span> · {t(`common:runtime.${runtime}`)}
        </span>
      </span>
    </span>
  )
}

function Place({ service, gpu }: Pick<RowProps, 'service' | 'gpu'>) {
  return (
    <span className={c.two}>
      <span className="ellipsis">
        <Card service={service} gpu={gpu} />
      </span>
      {gpu && (
        <span className={`num ${c.host}`}>
          <Memory id={service.id} />
        </span>
      )}
    </span>
  )
}

const Row = memo(function Row(props: RowProps) {
  const { service, isAsleep, isDrifted, gpu, isChosen, isMovable, over } = props
  const t = useWords()
  const of = isAsleep ? 'asleep' : statusOf(service)
  return (
    <tr
      className={c.row}
      data-row-of={service.id}
      data-chosen={isChosen || undefined}
      data-over={over}
      data-state={of}
      draggable={isMovable}
    >
      <td className={c.check}>
        <input
          type="checkbox"
          className={c.box}
          aria-label={t('select', { id: serviceName(service) })}
          checked={isChosen}
          onChange={heard}
        />
      </td>
      <td className={c.who}>
        <Who service={service} isDrifted={isDrifted} />
      </td>
      <td className={c.state}>
        <State service={service} of={of} />
      </td>
      <td className={c.health}>
        <Marks service={service} />
      </td>
      <td className={c.doing}>
        <Now {...props} />
      </td>
      <td className={c.gpu}>
        <Place service={service} gpu={gpu} />
      </td>
      <td className={c.model}>
        <Model service={service} />
      </td>
      <td className={c.tagsCell}>
        <Tags tags={service.tags} />
      </td>
      <td className={c.menu}>
        <RowMenu service={service} />
      </td>
    </tr>
  )
})

interface HeadProps {
  selection: Selection
  count: number
}

function Head({ selection, count }: HeadProps) {
  const { t } = useTranslation(['list', 'services'])
  const chosen = selection.ids.length
  return (
    <thead>
      <tr>
        <th className={c.check}>
          <input
            type="checkbox"
            className={c.box}
            aria-label={t('selectAll')}
            checked={chosen > 0 && chosen === count}
            ref={(box) => {
              if (box) box.indeterminate = chosen > 0 && chosen < count
            }}
            onChange={() => (chosen === count ? selection.clear() : selection.all())}
          />
        </th>
        <th className={c.who}>{t('services:column.service')}</th>
        <th className={c.state}>{t('services:column.state')}</th>
        <th className={c.health}>{t('column.health')}</th>
        <th className={c.doing}>{t('column.now')}</th>
        <th className={c.gpu}>{t('column.gpu')}</th>
        <th className={c.model}>{t('services:fact.model')}</th>
        <th className={c.tagsCell}>{t('column.tags')}</th>
        <th className={c.menu}>
          <span className="visually-hidden">{t('services:column.actions')}</span>
        </th>
      </tr>
    </thead>
  )
}

interface ServiceTableProps {
  groups: readonly ServiceGroup[]
  facts: RowFacts
  gpus: readonly Gpu[]
  selection: Selection
  /** Left out where rows have no order of their own. */
  onDrop: ((dragged: string, drop: Drop) => void) | undefined
  folded: readonly string[]
  onFold: (key: string) => void
}

/** Services as rows that can be chosen, below heads that fold. */
export function ServiceTable(props: ServiceTableProps) {
  const { groups, facts, gpus, selection, onDrop, folded, onFold } = props
  const t = useListWords()
  const dragging = useDragging(onDrop)
  const count = new Set(groups.flatMap(({ services }) => services.map(({ id }) => id))).size
  const choose = ({ target, nativeEvent }: ChangeEvent<HTMLElement>) => {
    const id = rowOf(target)?.dataset['rowOf']
    if (id !== undefined) selection.toggle(id, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)
  }
  const rowOfService = (service: Service) => {
    const { id, credentialId } = service
    return (
      <Row
        key={id}
        service={service}
        {...facts.doing(service)}
        isDrifted={credentialId !== null && facts.drifted.has(credentialId)}
        gpu={gpus.find(({ uuid }) => uuid === service.gpu?.uuid)}
        isChosen={selection.has(id)}
        isMovable={onDrop !== undefined}
        over={dragging.over?.target === id ? dragging.over.side : undefined}
      />
    )
  }
  return (
    <Words value={t}>
      <table className={c.table} aria-label={t('title')} onChange={choose} {...dragging.events}>
        <Head selection={selection} count={count} />
        {groups.map((group) => {
          const isFolded = folded.includes(group.key)
          const bodyId = `list ${group.key}`
          return (
            <tbody key={group.key} id={bodyId}>
              {group.head.of !== 'none' && (
                <tr className={c.groupRow}>
                  <th colSpan={9} scope="rowgroup">
                    <GroupHead group={group} isFolded={isFolded} onFold={() => onFold(group.key)} controls={bodyId} />
                  </th>
                </tr>
              )}
              {!isFolded && group.services.map(rowOfService)}
            </tbody>
          )
        })}
      </table>
    </Words>
  )
}
