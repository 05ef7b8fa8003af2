import { ActionIcon, Button, Progress } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconArrowsMaximize, IconDownload, IconRefresh, IconRepeat, IconX } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { lazyPart } from '../../ui/parts'
import { useTranslation } from 'react-i18next'
import type { Generation, Service } from '../../../shared/contract'
import { imageFileName } from '../../../shared/file-names'
import { mediaOf, pixelsOf } from '../../../shared/media'
import { serviceName } from '../../../shared/service-name'
import { imageUrl, thumbnailUrl } from '../../api/images'
import { api } from '../../api/query'
import { Failure } from '../../api/Failure'
import { KindIcon } from '../services/KindIcon'
import { isOfWorkflow } from '../gallery/handover'
import { LeftFiles } from '../gallery/LeftFiles'
import { StatusLabel, StatusPill } from '../../ui/Status'
import { samplingLeft, spentTime } from '../gallery/timings/phases'
import { Timings } from '../gallery/timings/Timings'
import { showDone } from '../../ui/toast'
import { describeReason } from '../../i18n'
import { formatDuration, formatTenths } from '../../i18n/format'
import { FailedJob } from './FailedJob'
import { Stage } from './Stage'
import { changeForm, send, useStudio } from './store'
import c from './Studio.module.css'
import { shortModel } from '../gallery/short-model'
import { isOver, useGeneration } from './useGeneration'
import { usePhaseWords } from './usePhaseWords'
import { useTick } from './useTick'
import { Tooltip } from '../../ui/Tooltip'

const Viewer = lazyPart(() => import('../gallery/view/Viewer'))

/** What one service made of the prompt: queue, progress, preview, picture or failure. */
export function ResultCard({ service }: { service: Service }) {
  const { t } = useTranslation('studio')
  const { shown, failures } = useStudio()
  const failure = failures[service.id]
  const { generation, error, preview } = useGeneration(shown[service.id])
  const [image, setImage] = useState(0)
  const [large, setLarge] = useState<number | null>(null)
  const at = generation?.images[image] ? image : 0
  return (
    <section className={c.result} aria-label={t('result.label', { service: serviceName(service) })}>
      <header className={c.resultHead}>
        <KindIcon kind={service.kind} size={16} />
        <div className={c.resultName}>
          <h2>{serviceName(service)}</h2>
          <Model model={generation?.params.checkpoint ?? service.model} />
        </div>
        {!failure && generation && <State generation={generation} />}
      </header>
      {failure ? (
        <Unsent serviceId={service.id} failure={failure} />
      ) : generation ? (
        <>
          <Stage generation={generation} preview={preview} index={at} onLarge={() => setLarge(at)} />
          {generation.images.length > 1 && <Images generation={generation} index={at} onIndex={setImage} />}
          <Foot generation={generation} index={at} onLarge={() => setLarge(at)} />
          <Suspense>
            {large !== null && (
              <Viewer
                items={[generation]}
                shown={{ id: generation.id, index: large }}
                onShow={(place) => {
                  setLarge(place.index)
                  setImage(place.index)
                }}
                onClose={() => setLarge(null)}
                back={t('title')}
              />
            )}
          </Suspense>
        </>
      ) : (
        <Idle error={error} />
      )}
    </section>
  )
}

/** What was to be sent and was refused, or got lost. */
function Unsent({
  serviceId,
  failure,
}: {
  serviceId: string
  failure: { error: unknown; params: Generation['params'] }
}) {
  const { t } = useTranslation('studio')
  const { sending } = useStudio()
  return (
    <div className={c.unsent}>
      <b>{t('result.notSent')}</b>
      <Failure error={failure.error} />
      <div className={c.tools}>
        <Button
          variant="light"
          leftSection={<IconRefresh size={15} />}
          loading={sending.has(serviceId)}
          onClick={() => void send(serviceId, failure.params)}
        >
          {t('result.again')}
        </Button>
      </div>
    </div>
  )
}

function Idle({ error }: { error: unknown }) {
  const { t } = useTranslation('studio')
  return (
    <div className={c.idle}>
      {error ? (
        <Failure error={error} />
      ) : (
        <>
          <b>{t('idle.title')}</b>
          <p>{t('idle.text')}</p>
        </>
      )}
    </div>
  )
}

const Model = ({ model }: { model: string | null }) =>
  model === null ? null : (
    <span className="mono ellipsis" title={model}>
      {shortModel(model)}
    </span>
  )

function State({ generation }: { generation: Generation }) {
  const { t } = useTranslation('studio')
  const { state, progress, timings } = generation
  if (isOver(generation)) {
    const took = timings.totalMs === null || state !== 'succeeded' ? {} : { detail: formatDuration(timings.totalMs) }
    return <StatusLabel of={state} {...took} />
  }
  const { step, steps, queuePosition } = progress
  const detail =
    state === 'queued'
      ? queuePosition !== null && queuePosition > 0
        ? t('progress.queuedBehind', { count: queuePosition })
        : undefined
      : step !== null && steps !== null
        ? `${step} / ${steps}`
        : undefined
  return <StatusPill of={state} {...(detail === undefined ? {} : { detail })} />
}

interface ImagesProps {
  generation: Generation
  index: number
  onIndex: (index: number) => void
}

function Images({ generation, index, onIndex }: ImagesProps) {
  const { t } = useTranslation('studio')
  const { images } = generation
  return (
    <div className={c.images}>
      {images.map((image, number) => (
        <button
          key={image.id}
          type="button"
          aria-label={t('result.image', { number: number + 1, of: images.length })}
          aria-pressed={number === index}
          onClick={() => onIndex(number)}
        >
          <img src={thumbnailUrl(image.id)} alt="" />
        </button>
      ))}
    </div>
  )
}

interface FootProps {
  generation: Generation
  index: number
  onLarge: () => void
}

function Foot({ generation, index, onLarge }: FootProps) {
  const { t } = useTranslation('studio')
  const isRunning = !isOver(generation)
  const now = useTick(isRunning)
  const spent = spentTime(generation, now)
  return (
    <div className={c.resultFoot}>
      {isRunning && <Going generation={generation} now={now} />}
      {generation.state === 'succeeded' && <Finished generation={generation} index={index} />}
      {generation.state === 'failed' && <FailedJob generation={generation} />}
      {generation.state === 'cancelled' && (
        <p className={c.note}>
          {spent.totalMs > 0
            ? t('result.cancelledAfter', { seconds: formatTenths(spent.totalMs / 1000) })
            : t('result.cancelledText')}
        </p>
      )}
      {(isRunning || generation.state === 'succeeded') && <Timings spent={spent} isRunning={isRunning} />}
      <Tools generation={generation} index={index} onLarge={onLarge} />
    </div>
  )
}

function Going({ generation, now }: { generation: Generation; now: number }) {
  const { t } = useTranslation('studio')
  const words = usePhaseWords(generation)
  const left = samplingLeft(generation, now)
  return (
    <div className={c.progress}>
      <Progress value={(generation.progress.fraction ?? 0) * 100} size={6} radius={3} aria-label={words} />
      <div>
        <span>{words}</span>
        {left !== null && left >= 1000 && <b>{t('progress.left', { seconds: Math.round(left / 1000) })}</b>}
      </div>
    </div>
  )
}

function Finished({ generation, index }: { generation: Generation; index: number }) {
  const { t } = useTranslation('studio')
  const image = generation.images[index]
  const size = image && pixelsOf(image)
  return (
    <div className={c.progress}>
      <div>
        <span>{t(generation.cached ? 'progress.cached' : 'progress.saved')}</span>
        {image && <b>{size ? `${size.width} × ${size.height}` : mediaOf(image.mime).name}</b>}
      </div>
      {generation.left && <StatusLabel of="warning" word={<LeftFiles left={generation.left} />} />}
      {generation.warnings.map((warning) => {
        const { message, hint } = describeReason(warning)
        return <StatusLabel key={warning.problem} of="warning" word={<span title={hint}>{message}</span>} />
      })}
    </div>
  )
}

function Cancel({ id, serviceId }: Pick<Generation, 'id' | 'serviceId'>) {
  const { t } = useTranslation('studio')
  const cancel = useMutation(api.generations.cancel.mutationOptions())
  return (
    <Button
      variant="default"
      leftSection={<IconX size={15} />}
      disabled={cancel.isPending}
      onClick={() => cancel.mutate({ id })}
      aria-label={t('result.cancelLabel', { service: serviceId })}
    >
      {t(cancel.isPending ? 'result.cancelling' : 'result.cancel')}
    </Button>
  )
}

function Tools({ generation, index, onLarge }: FootProps) {
  const { t } = useTranslation('studio')
  const { id, serviceId, state, params } = generation
  const image = generation.images[index]
  if (!isOver(generation)) {
    return (
      <div className={c.tools}>
        <Cancel id={id} serviceId={serviceId} />
      </div>
    )
  }
  if (state !== 'succeeded') {
    return (
      <div className={c.tools}>
        <Button
          variant={state === 'failed' ? 'light' : 'default'}
          leftSection={<IconRefresh size={15} />}
          onClick={() => void send(serviceId, params)}
        >
          {t('result.again')}
        </Button>
      </div>
    )
  }
  const { seed } = params
  return (
    <div className={c.tools}>
      {seed !== undefined && !isOfWorkflow(params) && (
        <Button
          variant="default"
          leftSection={<IconRepeat size={15} />}
          onClick={() => {
            changeForm({ seed, keepSeed: true })
            showDone(t('result.seedReused', { seed }))
          }}
        >
          {t('result.reuseSeed')}
        </Button>
      )}
      {image && (
        <>
          <Button
            component="a"
            variant="default"
            leftSection={<IconDownload size={15} />}
            href={imageUrl(image.id)}
            download={imageFileName(generation, index)}
          >
            {t('result.save')}
          </Button>
          <Tooltip label={t('result.fullSize')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('result.fullSize')} ml="auto" onClick={onLarge}>
              <IconArrowsMaximize size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </div>
  )
}
