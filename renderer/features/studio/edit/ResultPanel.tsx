import { Button, Progress, SegmentedControl } from '@mantine/core'
import { IconDownload, IconPhoto, IconRefresh, IconRepeat } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { imageFileName } from '../../../../shared/file-names'
import { mediaOf, pixelsOf } from '../../../../shared/media'
import { Failure } from '../../../api/Failure'
import { imageUrl, inputUrl, thumbnailUrl } from '../../../api/images'
import { Picture } from '../../gallery/picture/Picture'
import { isPicture, ratioOf as ratioOfImage, stillOf } from '../../gallery/picture/still'
import { spentTime } from '../../gallery/timings/phases'
import { Timings } from '../../gallery/timings/Timings'
import { usePageKeys } from '../../../ui/page-keys'
import { FailedJob } from '../FailedJob'
import { editPlace, send, useStudio } from '../store'
import s from '../Studio.module.css'
import { isOver, type Preview } from '../useGeneration'
import { usePhaseWords } from '../usePhaseWords'
import { useTick } from '../useTick'
import { BeforeAfter, views, type View } from './BeforeAfter'
import c from './Edit.module.css'
import { frameOf } from './frame'
import { useGivePicture } from './pictures'
import type { Source } from './source'

interface ResultPanelProps {
  generation: Generation | undefined
  preview: Preview | null
  source: Source
}

/** What was made of the source: beside it, or in its place. */
export function ResultPanel({ generation, preview, source }: ResultPanelProps) {
  const { t } = useTranslation('editing')
  const title = useId()
  const { failures } = useStudio()
  const [view, setView] = useState<View>('slider')
  const [chosen, setChosen] = useState(0)
  const [isSwapped, setSwapped] = useState(false)
  usePageKeys('mask', { compare: () => setSwapped(!isSwapped) })
  const failure = failures[editPlace]
  const index = generation?.images[chosen] ? chosen : 0
  const image = failure ? undefined : generation?.images[index]
  return (
    <section className={c.panel} aria-labelledby={title}>
      <header className={c.head}>
        <h2 id={title}>{t('result.title')}</h2>
        {image && (
          <SegmentedControl
            aria-label={t('result.view')}
            data={views.map((one) => ({ value: one, label: t(`result.${one}`) }))}
            value={view}
            onChange={setView}
          />
        )}
      </header>
      {failure ? (
        <NotSent failure={failure} />
      ) : generation && image ? (
        <>
          <BeforeAfter
            key={image.id}
            before={inputUrl(generation.params.images?.[0] ?? '')}
            after={stillOf(image).src}
            alt={generation.params.prompt}
            simulated={generation.simulated}
            ratio={ratioOf(source) ?? ratioOfImage(image)}
            {...{ view, isSwapped }}
          />
          <Done generation={generation} index={index} setIndex={setChosen} />
        </>
      ) : (
        <Coming generation={generation} preview={preview} ratio={ratioOf(source) ?? 1} />
      )}
    </section>
  )
}

const ratioOf = (source: Source): number | null => (source.state === 'ready' ? source.width / source.height : null)

function NotSent({ failure: { error, params } }: { failure: { error: unknown; params: Generation['params'] } }) {
  const { t } = useTranslation('studio')
  const { sending, form } = useStudio()
  const { serviceId } = form.edit
  return (
    <div className={s.unsent}>
      <b>{t('result.notSent')}</b>
      <Failure error={error} />
      {serviceId !== null && (
        <div className={s.tools}>
          <Button
            variant="light"
            leftSection={<IconRefresh size={15} />}
            loading={sending.has(editPlace)}
            onClick={() => void send(serviceId, params, editPlace)}
          >
            {t('result.again')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Before there is a picture: nothing yet, the preview with its step, or why there is none. */
function Coming({ generation, preview, ratio }: Omit<ResultPanelProps, 'source'> & { ratio: number }) {
  const { t } = useTranslation(['editing', 'studio'])
  return (
    <>
      <div className={c.well}>
        <div className={c.compare} style={frameOf(ratio)}>
          {preview ? (
            <Picture
              src={preview.src}
              alt={generation?.params.prompt ?? ''}
              simulated={generation?.simulated ?? false}
              ratio={String(ratio)}
              fit="contain"
            />
          ) : (
            <div className={c.blank}>
              <IconPhoto size={26} stroke={1.4} aria-hidden />
              {generation === undefined && <span>{t('result.none')}</span>}
            </div>
          )}
          {preview && preview.step !== null && (
            <span className={c.word}>{t('studio:progress.preview', { step: preview.step })}</span>
          )}
        </div>
      </div>
      {generation && <Going generation={generation} />}
    </>
  )
}

function Going({ generation }: { generation: Generation }) {
  const { t } = useTranslation('studio')
  const isRunning = !isOver(generation)
  const now = useTick(isRunning)
  const words = usePhaseWords(generation)
  return (
    <div className={c.under}>
      {isRunning && (
        <div className={s.progress}>
          <Progress value={(generation.progress.fraction ?? 0) * 100} size={6} radius={3} aria-label={words} />
          <div>
            <span>{words}</span>
          </div>
        </div>
      )}
      {generation.state === 'failed' && <FailedJob generation={generation} />}
      {generation.state === 'cancelled' && <p className={s.note}>{t('result.cancelledText')}</p>}
      {isRunning && <Timings spent={spentTime(generation, now)} isRunning />}
    </div>
  )
}

interface DoneProps {
  generation: Generation
  index: number
  setIndex: (index: number) => void
}

/** Where the time went, and what to do next. */
function Done({ generation, index, setIndex }: DoneProps) {
  const { t } = useTranslation(['editing', 'studio'])
  const { give, isPending } = useGivePicture()
  const { images, finishedAt, createdAt } = generation
  const image = images[index]
  const size = image && pixelsOf(image)
  return (
    <div className={c.under}>
      {images.length > 1 && (
        <div className={c.thumbs}>
          {images.map((one, number) => (
            <button
              key={one.id}
              type="button"
              aria-label={t('studio:result.image', { number: number + 1, of: images.length })}
              aria-pressed={number === index}
              onClick={() => setIndex(number)}
            >
              <img src={thumbnailUrl(one.id)} alt="" />
            </button>
          ))}
        </div>
      )}
      <Timings spent={spentTime(generation, finishedAt ?? createdAt)} />
      {image && (
        <div className={c.underRow}>
          {isPicture(image) && (
            <Button
              variant="default"
              className={c.small ?? ''}
              leftSection={<IconRepeat size={14} />}
              loading={isPending}
              onClick={() => give({ imageId: image.id }, 'source')}
            >
              {t('result.use')}
            </Button>
          )}
          <Button
            component="a"
            variant="default"
            className={c.small ?? ''}
            leftSection={<IconDownload size={14} />}
            href={imageUrl(image.id)}
            download={imageFileName(generation, index)}
          >
            {t('studio:result.save')}
          </Button>
          <span className={c.end}>{size ? `${size.width} × ${size.height}` : mediaOf(image.mime).name}</span>
        </div>
      )}
    </div>
  )
}
