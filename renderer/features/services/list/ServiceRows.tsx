import { Button } from '@mantine/core'
import { memo, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation, Gpu, Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { hrefOf } from '../../../ui/route'
import { useGpuCards } from '../../gpus/useGpus'
import { statusOf } from '../state'
import { Card, KindMark, LastImage, Memory, Model, Name, State } from './Cells'
import { GroupHead } from './GroupHead'
import { groupings, groupServices, machinesOf, type ServiceGroup } from './groups'
import { Marks } from './Marks'
import { Now } from './Now'
import { RowMenu } from './RowMenu'
import { RowTools } from './RowTools'
import { useListFacts, type Doing, type RowFacts } from './useListFacts'
import { useListView } from './useListView'
import { moveBetweenRows, rowLink } from './useRowKeys'
import { countChips, countTags, filterServices, sortServices, worstOf } from './view'
import { ViewBar } from './ViewBar'
import { useListWords, Words } from './words'
import c from './Rows.module.css'

interface RowProps extends Doing {
  service: Service
  shot: Generation | undefined
  isDrifted: boolean
  /** The card to name; left out where the group's head names it, and the memory stands there. */
  card?: Gpu | 'none' | undefined
}

/** One service in one line. Its tools take the place of the last image while it is pointed at or focused. */
const Row = memo(function Row(props: RowProps) {
  const [isTouched, setTouched] = useState(false)
  const touch = () => setTouched(true)
  const { service, shot, isDrifted, isAsleep, card } = props
  const { id } = service
  const of = isAsleep ? 'asleep' : statusOf(service)
  return (
    <li className={c.row} data-row-of={id} data-state={of} onPointerEnter={touch} onFocus={touch}>
      <KindMark kind={service.kind} />
      <a className={c.open} href={hrefOf('services', id)} aria-label={serviceName(service)} {...rowLink}>
        <Name service={service} isDrifted={isDrifted} />
      </a>
      <span className={c.state}>
        <State service={service} of={of} />
      </span>
      <Marks service={service} />
      <Now {...props} />
      {card === undefined ? (
        <span className={`num ${c.gib}`}>
          <Memory id={id} />
        </span>
      ) : (
        <span className={`ellipsis ${c.card}`}>
          <Card service={service} gpu={card === 'none' ? undefined : card} />
        </span>
      )}
      <span className={c.model}>
        <Model service={service} />
      </span>
      <span className={c.end}>
        <span className={`num ${c.last}`}>
          <LastImage shot={shot} />
        </span>
        {isTouched && <RowTools service={service} />}
        <RowMenu service={service} />
      </span>
    </li>
  )
})

function Head({ withCard }: { withCard: boolean }) {
  const { t } = useTranslation(['list', 'services'])
  return (
    <div className={c.head} aria-hidden>
      <span />
      <span>{t('services:column.service')}</span>
      <span>{t('services:column.state')}</span>
      <span>{t('column.health')}</span>
      <span>{t('column.now')}</span>
      {withCard ? <span>{t('column.gpu')}</span> : <span className={c.gib}>{t('column.memory')}</span>}
      <span className={c.model}>{t('services:fact.model')}</span>
      <span>{t('column.latest')}</span>
    </div>
  )
}

interface GroupProps {
  group: ServiceGroup
  facts: RowFacts
  gpus: readonly Gpu[]
  isFolded: boolean
  onFold: () => void
  withCard: boolean
}

function Group({ group, facts, gpus, isFolded, onFold, withCard }: GroupProps) {
  const { t } = useTranslation('common')
  const listId = useId()
  return (
    <section className={c.section}>
      {group.head.of !== 'none' && <GroupHead group={group} isFolded={isFolded} onFold={onFold} controls={listId} />}
      <ul className={c.list} id={listId} hidden={isFolded} aria-label={t('nav.services')}>
        {!isFolded &&
          group.services.map((service) => (
            <Row
              key={service.id}
              service={service}
              {...facts.doing(service)}
              shot={facts.shots.get(service.id)}
              isDrifted={service.credentialId !== null && facts.drifted.has(service.credentialId)}
              card={withCard ? (gpus.find(({ uuid }) => uuid === service.gpu?.uuid) ?? 'none') : undefined}
            />
          ))}
      </ul>
    </section>
  )
}

/** Many services: one line each, below heads that fold, every column at the same place in all groups. */
export default function ServiceRows({ services }: { services: Service[] }) {
  const t = useListWords()
  const [view, setView] = useListView('overview', 'gpu')
  const gpus = useGpuCards()
  const facts = useListFacts(services)
  const shown = sortServices(filterServices(services, view, facts), view.sort, facts)
  const groups = groupServices(shown, view.group, gpus)
  const hasMachines = machinesOf(services).length > 1
  const fold = (key: string) =>
    setView({
      folded: view.folded.includes(key) ? view.folded.filter((one) => one !== key) : [...view.folded, key],
    })
  const withCard = view.group !== 'gpu'
  return (
    <section className={c.panel} aria-label={t('title')}>
      <ViewBar
        view={view}
        onChange={setView}
        counts={countChips(services, facts)}
        worst={worstOf(services, facts.attention)}
        groupings={groupings.filter((one) => one !== 'machine' || hasMachines)}
        tags={countTags(services)}
      />
      {shown.length === 0 ? (
        <p className={c.nothing}>
          {t('nothing')}
          <Button variant="default" size="compact-xs" onClick={() => setView({ text: '', chip: 'all', tags: [] })}>
            {t('clear')}
          </Button>
        </p>
      ) : (
        <Words value={t}>
          <div className={c.table} data-card={withCard || undefined} onKeyDown={moveBetweenRows}>
            <Head withCard={withCard} />
            {groups.map((group) => (
              <Group
                key={group.key}
                group={group}
                facts={facts}
                gpus={gpus}
                isFolded={view.folded.includes(group.key)}
                onFold={() => fold(group.key)}
                withCard={withCard}
              />
            ))}
          </div>
        </Words>
      )}
    </section>
  )
}
