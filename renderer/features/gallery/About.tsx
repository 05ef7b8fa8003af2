import { useTranslation } from 'react-i18next'
import type { Generation, Lora } from '../../../shared/contract'
import { mediaOf, pixelsOf } from '../../../shared/media'
import { usePersonName } from '../../api/usePersonName'
import { useSession } from '../../api/useSession'
import { currentLanguage } from '../../i18n'
import { formatBytes, formatDuration, formatList, formatTenths } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { Facts } from '../../ui/Panel'
import { useNow } from '../../ui/useNow'
import { dayWord } from './rows'
import { shortModel } from './short-model'

const dim = (text: string) => <span className="dim">{text}</span>

/** Its size and file, or the size that was asked for where there is none. */
function sizeOf({ params }: Generation, image: Generation['images'][number] | undefined) {
  const size = image && pixelsOf(image)
  if (image)
    return (
      <>
        {size && `${size.width} × ${size.height}, `}
        {dim(`${mediaOf(image.mime).name}, ${formatBytes(image.bytes)}`)}
      </>
    )
  return params.width !== undefined && params.height !== undefined ? `${params.width} × ${params.height}` : null
}

/** How an image was made, when and where, as lines of facts. */
export function About({
  generation,
  image,
}: {
  generation: Generation
  image: Generation['images'][number] | undefined
}) {
  const { t } = useTranslation('gallery')
  const { by, params, serviceId, timings, createdAt, cached } = generation
  const isOwn = useSession().data?.account === by
  const nameOf = usePersonName()
  const now = useNow(60_000)
  const cfg = params.cfg === undefined ? '' : `, CFG ${formatTenths(params.cfg)}`
  const scheduler = params.scheduler === undefined ? '' : `, ${params.scheduler}`
  return (
    <Facts
      labelWidth={96}
      rows={[
        [t('detail.service'), serviceId],
        [t('detail.model'), params.checkpoint === undefined ? null : <Model name={params.checkpoint} />],
        [t('detail.workflow'), workflowOf(generation)],
        [t('detail.loras'), params.loras?.length ? lorasOf(params.loras) : null],
        [t('detail.strength'), params.strength === undefined ? null : params.strength.toFixed(2)],
        [t('detail.leaveOut'), params.negativePrompt ? params.negativePrompt : null],
        [t('detail.size'), sizeOf(generation, image)],
        [t('detail.seed'), params.seed === undefined ? null : <span className="mono">{params.seed}</span>],
        [
          t('detail.steps'),
          params.steps === undefined ? null : (
            <>
              {params.steps}
              {dim(cfg)}
            </>
          ),
        ],
        [t('detail.sampler'), params.sampler === undefined ? null : `${params.sampler}${scheduler}`],
        [
          t('detail.time'),
          timings.totalMs === null ? null : (
            <>
              {formatDuration(timings.totalMs)}
              {cached && dim(`, ${t('detail.cached').toLowerCase()}`)}
            </>
          ),
        ],
        [
          t('detail.made'),
          <>
            <Ago at={createdAt} />
            {dim(`, ${moment(createdAt, now)}`)}
          </>,
        ],
        [t('detail.by'), isOwn ? null : nameOf(by)],
      ]}
    />
  )
}

/** What made it: an imported workflow by its name and version. */
const workflowOf = ({ workflowName, params }: Generation): string | null =>
  workflowName === undefined ? (params.workflow ?? null) : `${workflowName} v${params.workflowVersion ?? ''}`

/** By their names, each with its weight. */
const lorasOf = (loras: readonly Lora[]) => formatList(loras.map(({ name, weight }) => `${shortModel(name)} ${weight}`))

const Model = ({ name }: { name: string }) => (
  <span className="mono" title={name}>
    {shortModel(name)}
  </span>
)

/** The time of a day ago at most, else the date; the age beside it has both to the second on hover. */
const moment = (at: number, now: number) =>
  new Intl.DateTimeFormat(
    currentLanguage(),
    dayWord(at, now) === 'earlier' ? { dateStyle: 'medium' } : { timeStyle: 'short' },
  ).format(at)
