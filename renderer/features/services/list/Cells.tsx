import type { Generation, Gpu, Service } from '../../../../shared/contract'
import { cardName } from '../../../../shared/cards'
import { kinds } from '../../../../shared/kinds'
import { serviceName } from '../../../../shared/service-name'
import { thumbnailUrl } from '../../../api/images'
import { formatGiBNumber } from '../../../i18n/format'
import { Age, Ago } from '../../../ui/Ago'
import { StatusIcon, toneOf, type StatusKey } from '../../../ui/Status'
import { Stroke } from '../../../ui/Stroke'
import { heldBy } from '../../gpus/shares'
import { useGpuFigure } from '../../gpus/useGpus'
import { sinceOf, statusOf } from '../state'
import { machineOf, thisMachine } from './groups'
import { useWords } from './words'
import c from './Rows.module.css'

/** IconTopologyStar3 and IconHammer. */
const strokes = {
  graph:
    'M10 19a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M18 5a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M10 5a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M6 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M18 19a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M14 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M22 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0M6 12h4M14 12h4M15 7l-2 3M9 7l2 3M11 14l-2 3M13 14l2 3',
  hammer:
    'M11.414 10l-7.383 7.418a2.091 2.091 0 0 0 0 2.967a2.11 2.11 0 0 0 2.976 0l7.407 -7.385M18.121 15.293l2.586 -2.586a1 1 0 0 0 0 -1.414l-7.586 -7.586a1 1 0 0 0 -1.414 0l-2.586 2.586a1 1 0 0 0 0 1.414l7.586 7.586a1 1 0 0 0 1.414 0',
} as const

/** The mark of a kind without its tile: rows have no room for one. */
export function KindMark({ kind }: Pick<Service, 'kind'>) {
  const { name, icon } = kinds[kind]
  return <Stroke d={strokes[icon]} size={18} className={c.kind} label={name} />
}

/** The name, with a sign where a file of its credential differs from the vault. */
export function Name({ service, isDrifted }: { service: Service; isDrifted: boolean }) {
  const t = useWords()
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
export function State({ service, of = statusOf(service) }: { service: Service; of?: StatusKey }) {
  const t = useWords()
  return (
    <span className={c.pill} data-tone={toneOf(of)}>
      <StatusIcon of={of} size={14} />
      <b>{t(`common:status.${of}`)}</b>
      <span className={c.age}>
        <Age since={sinceOf(service)} />
      </span>
    </span>
  )
}

/** The memory that a service holds on the cards; a dash where nothing is known to be held. */
export function Memory({ id }: { id: string }) {
  const t = useWords()
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
  const t = useWords()
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
  const t = useWords()
  const model = service.model ?? service.lastReach?.model ?? null
  return model === null ? (
    <span className={c.none}>{t('services:fact.noModel')}</span>
  ) : (
    <span className="mono ellipsis" title={model}>
      {model}
    </span>
  )
}

/** The last image of a service, small, and when it was made. */
export function LastImage({ shot }: { shot: Generation | undefined }) {
  const t = useWords()
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
