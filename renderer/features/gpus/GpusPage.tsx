import { SegmentedControl } from '@mantine/core'
import { Fragment, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { namedMemory } from '../../../shared/cards'
import type { Gpu, GpuReport } from '../../../shared/contract'
import { ErrorState } from '../../api/Loaded'
import { formatInteger } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { Page } from '../../ui/Page'
import { lazyPart } from '../../ui/parts'
import { Card } from './Card'
import { Compact } from './Compact'
import { needsAttention } from './fleet'
import { GpuState } from './GpuState'
import { GpuWarning, reportWarning } from './GpuWarning'
import { useGpus } from './useGpus'
import c from './Gpus.module.css'

const OneCard = lazyPart(() => import('./card/OneCard'))

const views = ['compact', 'detailed'] as const
type View = (typeof views)[number]

/** From so many cards on, a line a card shows more than all of each. */
const manyCards = 5

function Lead({ report }: { report: GpuReport }) {
  const { t } = useTranslation('gpus')
  const wrong = report.gpus.filter(needsAttention).length
  return (
    <span>
      {t('lead', { count: report.gpus.length })}
      {wrong > 0 && <>, {t('attention', { count: wrong })}</>}
      {report.sampledAt !== null && (
        <>
          {', '}
          {t('sampled')} <Ago at={report.sampledAt} />
        </>
      )}
    </span>
  )
}

/** Whose numbers these are, and how much of the memory in use has a name. */
function Foot({ gpus }: { gpus: readonly Gpu[] }) {
  const { t } = useTranslation('gpus')
  const { usedMiB, namedMiB } = namedMemory(gpus)
  return (
    <p className={c.note}>
      {t('orderNote')}
      {usedMiB > 0 && <> {t('named', { pct: formatInteger(Math.floor((100 * namedMiB) / usedMiB)) })}</>}
    </p>
  )
}

export default function GpusPage() {
  const { t } = useTranslation(['gpus', 'common'])
  const { report, history, error } = useGpus()
  const [chosen, setChosen] = useState<View | null>(null)
  const gpus = report?.gpus ?? []
  const view = chosen ?? (gpus.length >= manyCards ? 'compact' : 'detailed')
  const warning = reportWarning(report)
  return (
    <Page
      title={t('common:nav.gpus')}
      lead={report && gpus.length > 0 ? <Lead report={report} /> : undefined}
      actions={
        gpus.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('view.label')}
            value={view}
            onChange={(value) => setChosen(views.find((one) => one === value) ?? null)}
            data={views.map((value) => ({ value, label: t(`view.${value}`) }))}
          />
        )
      }
    >
      <div className={c.page}>
        {warning && <GpuWarning warning={warning} />}
        {error !== null && report === null ? <ErrorState error={error} /> : <GpuState report={report} />}
        {gpus.length > 0 && view === 'compact' && <Compact gpus={gpus} />}
        {view === 'detailed' &&
          gpus.map((gpu) => (
            <Fragment key={gpu.uuid}>
              <Card gpu={gpu} history={history.get(gpu.uuid) ?? []} links />
              <Suspense>
                <OneCard uuid={gpu.uuid} name={gpu.name} />
              </Suspense>
            </Fragment>
          ))}
        {gpus.length > 0 && <Foot gpus={gpus} />}
      </div>
    </Page>
  )
}
