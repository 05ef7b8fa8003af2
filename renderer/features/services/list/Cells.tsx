import { IconHammer, IconTopologyStar3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation, Gpu, Service } from '../../../../shared/contract'
import { cardName } from '../../../../shared/cards'
import { kinds } from '../../../../shared/kinds'
import { serviceName } from '../../../../shared/service-name'
import { thumbnailUrl } from '../../../api/images'
import { formatGiBNumber } from '../../../i18n/format'
import { Age, Ago } from '../../../ui/Ago'
import { StatusIcon, toneOf } from '../../../ui/Status'
import { heldBy } from '../../gpus/shares'
import { useGpuFigure } from '../../gpus/useGpus'
import { sinceOf, statusOf } from '../state'
import { machineOf, thisMachine } from './groups'
import c from './Rows.module.css'

const icons = { graph: IconTopologyStar3, hammer: IconHammer } as const

/** The mark of a kind without its tile: rows have no room for one. */
export function KindMark({ kind }: Pick<Service, 'kind'>) {
  const { name, icon } = kinds[kind]
  const I = icons[icon]
  return <I size={18} stroke={1.6} className={c.kind} role="img" aria-label={name} />
}

/** The name, with a sign where a file of its credential differs from the vault. */
export function Name({ service, isDrifted }: { service: Service; isDrifted: boolean }) {
  const { t } = useTranslation('list')
  const name = serviceName(service)
  return (
    <span className={c.name}>
      <b className="ellipsis" title={name}>
        {name}
      </b>
      {isDrifted && (
        <span title={t('drifted')} className={c.sign}>
          <StatusIcon of="drifted" size={14} />
          <span className="visually-hidden">{t('drifted')}</span>
        </span>
      )}
    </span>
  )
}

/** The pill of a row: only what is wrong or moves is tinted, so that a healthy list is quiet. */
export function State({ service }: { service: Service }) {
  const { t } = useTranslation()
  const of = statusOf(service)
  return (
    <span className={c.pill} data-tone={toneOf(of)}>
      <StatusIcon of={of} size={14} />
      <b>{t(`status.${of}`)}</b>
      <span className={c.age}>
        <Age since={sinceOf(service)} />
      </span>
    </span>
  )
}

/** The memory that a service holds on the cards; a dash where nothing is known to be held. */
export function Memory({ id }: { id: string }) {
  const { t } = useTranslation('list')
  const mib = useGpuFigure(({ report }) => heldBy(report, id))
  if (mib === null) return <span className={c.none}>–</span>
  return (
    <span>
      {formatGiBNumber(mib)} <small>{t('gib')}</small>
    </span>
  )
}

/** The card that a service is to use. */
export function Card({ service, gpu }: { service: Service; gpu: Gpu | undefined }) {
  const { t } = useTranslation(['list', 'services'])
  if (gpu)
    return (
      <>
        {cardName(gpu.name)} <span className="dim">{t('gpuIndex', { index: gpu.index })}</span>
      </>
    )
  if (service.gpu) return <span className="dim">{t('absentGpu')}</span>
  const isElsewhere = machineOf(service) !== thisMachine
  return <span className="dim">{isElsewhere ? t('otherMachine') : t('services:fact.noGpu')}</span>
}

/** The model, or the last one that is known of an unreachable service. */
export function Model({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const model = service.model ?? service.lastReach?.model ?? null
  return model === null ? (
    <span className={c.none}>{t('fact.noModel')}</span>
  ) : (
    <span className="mono ellipsis" title={model}>
      {model}
    </span>
  )
}

/** The last image of a service, small, and when it was made. */
export function LastImage({ shot }: { shot: Generation | undefined }) {
  const { t } = useTranslation(['list', 'common'])
  const image = shot?.images[0]
  if (!shot || !image) return <span className={c.none}>{t('noImage')}</span>
  return (
    <>
      <span className={c.thumb} data-simulated={shot.simulated || undefined}>
        <img src={thumbnailUrl(image.id)} alt="" width={24} height={24} loading="lazy" decoding="async" />
      </span>
      <span>
        {shot.simulated && <span className="visually-hidden">{t('common:simulatedMark')} </span>}
        <Ago at={shot.createdAt} />
      </span>
    </>
  )
}
