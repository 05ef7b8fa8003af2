import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from '../../ui/States'
import { lazyPart } from '../../ui/parts'
import { Card } from './Card'
import { CardFrame } from './CardFrame'
import { GpuState } from './GpuState'
import { GpuWarning, reportWarning } from './GpuWarning'
import { useGpus } from './useGpus'
import c from './Gpus.module.css'

const OneCard = lazyPart(() => import('./card/OneCard'))

/** One card as it is now. */
export default function CardNowPage({ uuid }: { uuid: string }) {
  const { t } = useTranslation('gpus')
  const { report, history } = useGpus()
  const gpu = report?.gpus.find((one) => one.uuid === uuid)
  const warning = reportWarning(report)
  return (
    <CardFrame uuid={uuid} current="now">
      <div className={c.page}>
        {warning && <GpuWarning warning={warning} />}
        {gpu ? (
          <>
            <Card gpu={gpu} history={history.get(uuid) ?? []} />
            <Suspense>
              <OneCard uuid={uuid} name={gpu.name} />
            </Suspense>
          </>
        ) : report === null || report.gpus.length === 0 ? (
          <GpuState report={report} />
        ) : report.state === 'starting' ? (
          <Loading rows={6} />
        ) : (
          <p className={c.note}>{t('gone')}</p>
        )}
      </div>
    </CardFrame>
  )
}
