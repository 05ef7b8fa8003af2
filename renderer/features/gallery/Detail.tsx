import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import {
  IconAdjustmentsHorizontal,
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconPhotoOff,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { lazyPart } from '../../ui/parts'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { imageFileName } from '../../../shared/file-names'
import { imageUrl, thumbnailUrl } from '../../api/images'
import { api } from '../../api/query'
import { About } from './About'
import { LeftFiles } from './LeftFiles'
import { Media } from './picture/Media'
import { Picture } from './picture/Picture'
import { isPicture, ratioOf } from './picture/still'
import { CopyIcon, Empty } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { spentTime } from './timings/phases'
import { Timings } from './timings/Timings'
import { hrefOf, navigate } from '../../ui/route'
import { describeReason } from '../../i18n'
import { openInStudio } from './handover'
import c from './Gallery.module.css'
import { Metadata } from './Metadata'
import { FavouriteButton, Tags } from './Notes'
import { neighbour } from './pages'
import { useMayDelete } from './useMayDelete'
import { useRemoval } from './useRemoval'
import { Loaded } from '../../api/Loaded'
import { Tooltip } from '../../ui/Tooltip'
import type { Place } from './view/places'

const Viewer = lazyPart(() => import('./view/Viewer'))

interface DetailProps {
  id: string
  items: Generation[]
  /** Shows what else has a tag. */
  onTag: (tag: string) => void
}

/** One generation beside the grid: its picture, how it was made, and what can be done with it. Key it by its id. */
export function Detail({ id, items, onTag }: DetailProps) {
  const { t } = useTranslation('gallery')
  const listed = items.find((one) => one.id === id)
  const query = useQuery(
    api.generations.get.queryOptions({ input: { id }, ...(listed ? { initialData: listed } : {}) }),
  )
  return (
    <aside className={c.detail} aria-label={t('detail.label')}>
      <div className={c.detailHead}>
        <span className="mono dim ellipsis" title={id}>
          {id}
        </span>
        <span className={c.detailNav}>
          <Step label={t('detail.previous')} to={neighbour(items, id, -1)}>
            <IconChevronLeft size={17} />
          </Step>
          <Step label={t('detail.next')} to={neighbour(items, id, 1)}>
            <IconChevronRight size={17} />
          </Step>
          <Tooltip label={t('detail.close')}>
            <ActionIcon
              component="a"
              href={hrefOf('gallery')}
              variant="subtle"
              color="gray"
              size={28}
              aria-label={t('detail.close')}
            >
              <IconX size={17} />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>
      {query.data === undefined && query.error ? (
        <Empty icon={IconPhotoOff} title={t('detail.gone')}>
          {t('detail.goneText')}
        </Empty>
      ) : (
        <Loaded query={query}>{(generation) => <Body generation={generation} items={items} onTag={onTag} />}</Loaded>
      )}
    </aside>
  )
}

function Step({ label, to, children }: { label: string; to: Generation | undefined; children: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={label}
        disabled={to === undefined}
        onClick={() => to && navigate('gallery', to.id)}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

function Body({ generation, items, onTag }: Omit<DetailProps, 'id'> & { generation: Generation }) {
  const { t } = useTranslation('gallery')
  const [index, setIndex] = useState(0)
  const [large, setLarge] = useState<Place | null>(null)
  const { images, params, simulated } = generation
  const image = images[index] ?? images[0]
  return (
    <>
      {image && !isPicture(image) ? (
        <Media generation={generation} image={image} index={images.indexOf(image)} />
      ) : image ? (
        <button
          type="button"
          className={c.open}
          aria-label={t('detail.fullSize')}
          onClick={() => setLarge({ id: generation.id, index: images.indexOf(image) })}
        >
          <Picture
            key={image.id}
            src={imageUrl(image.id)}
            alt={params.prompt}
            simulated={simulated}
            ratio={String(ratioOf(image))}
          />
        </button>
      ) : (
        <Outcome generation={generation} />
      )}
      {images.length > 1 && <Images images={images} shown={image} onShow={setIndex} />}
      {image && generation.error && <Outcome generation={generation} />}
      <div className={c.detailBody}>
        <div className={c.promptRow}>
          <p className={c.prompt}>{params.prompt}</p>
          <CopyIcon value={params.prompt} label={t('detail.copyPrompt')} />
        </div>
        <Actions generation={generation} items={items} index={image ? images.indexOf(image) : null} />
        <About generation={generation} image={image} />
        <Tags generation={generation} onTag={onTag} />
        <Timings spent={spentTime(generation, generation.finishedAt ?? generation.createdAt)} />
        <Left generation={generation} />
        <Warnings generation={generation} />
        {image && <Metadata image={image} />}
      </div>
      <Large {...{ generation, items, large, setLarge }} onIndex={setIndex} />
    </>
  )
}

interface LargeProps {
  generation: Generation
  items: Generation[]
  large: Place | null
  setLarge: (place: Place | null) => void
  /** Which image of this generation was looked at last. */
  onIndex: (index: number) => void
}

/** The full view over the gallery, which is then where the view was left. */
function Large({ generation, items, large, setLarge, onIndex }: LargeProps) {
  const { t } = useTranslation('gallery')
  if (!large) return null
  const show = (place: Place) => {
    setLarge(place)
    if (place.id === generation.id) onIndex(place.index)
  }
  const close = () => {
    setLarge(null)
    if (large.id !== generation.id) navigate('gallery', large.id)
  }
  const leave = ({ id }: Generation) => {
    const next = neighbour(items, id, 1) ?? neighbour(items, id, -1)
    setLarge(next?.images[0] ? { id: next.id, index: 0 } : null)
    if (!next) navigate('gallery')
  }
  return (
    <Suspense>
      <Viewer
        items={items.some(({ id }) => id === large.id) ? items : [generation]}
        shown={large}
        onShow={show}
        onClose={close}
        back={t('title')}
        onDelete={leave}
      />
    </Suspense>
  )
}

interface ImagesProps {
  images: Generation['images']
  shown: Generation['images'][number] | undefined
  onShow: (index: number) => void
}

function Images({ images, shown, onShow }: ImagesProps) {
  const { t } = useTranslation('gallery')
  return (
    <div className={c.images}>
      {images.map((one, number) => (
        <button
          key={one.id}
          type="button"
          aria-label={t('detail.image', { number: number + 1, of: images.length })}
          aria-pressed={one === shown}
          onClick={() => onShow(number)}
        >
          <img src={thumbnailUrl(one.id)} alt="" />
        </button>
      ))}
    </div>
  )
}

interface ActionsProps {
  generation: Generation
  items: Generation[]
  /** Which of its images is shown; null without any. */
  index: number | null
}

function Actions({ generation, items, index }: ActionsProps) {
  const { t } = useTranslation('gallery')
  const remove = useRemoval()
  const mayDelete = useMayDelete()
  const image = index === null ? undefined : generation.images[index]
  const isOver = generation.state !== 'queued' && generation.state !== 'running'
  return (
    <div className={c.actions}>
      <Button
        variant="default"
        leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
        onClick={() => (isOver ? openInStudio(generation) : navigate('studio'))}
      >
        {t(isOver ? 'detail.use' : 'detail.studio')}
      </Button>
      {image && index !== null && (
        <Tooltip label={t('detail.save')}>
          <ActionIcon
            component="a"
            href={imageUrl(image.id)}
            download={imageFileName(generation, index)}
            aria-label={t('detail.save')}
          >
            <IconDownload size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
      <FavouriteButton generation={generation} />
      {isOver && mayDelete(generation) && (
        <Tooltip label={t('detail.delete')}>
          <ActionIcon aria-label={t('detail.delete')} onClick={() => remove(generation, items)}>
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  )
}

/** What stands in the place of a picture: why there is none. */
function Outcome({ generation }: { generation: Generation }) {
  const { t } = useTranslation('gallery')
  const { state, error, serviceId } = generation
  if (state !== 'failed' || !error) {
    return (
      <div className={c.outcome}>
        <StatusLabel of={state} />
        <p>{t(state === 'cancelled' ? 'detail.cancelled' : 'detail.running')}</p>
      </div>
    )
  }
  const { message, hint } = describeReason(error)
  return (
    <div className={c.outcome} data-state="failed">
      <StatusLabel of="failed" word={t('detail.failed')} />
      <p>
        <b>{message}</b> {hint}
      </p>
      {error.detail !== undefined && error.detail !== '' && !message.includes(error.detail) && (
        <figure>
          <figcaption>{t('detail.ownWords', { service: serviceId })}</figcaption>
          <pre>{error.detail}</pre>
        </figure>
      )}
    </div>
  )
}

function Left({ generation: { left } }: { generation: Generation }) {
  const { t } = useTranslation('gallery')
  if (!left) return null
  return (
    <section className={c.warnings}>
      <h3>{t('left.title')}</h3>
      <p>
        <LeftFiles left={left} />
      </p>
    </section>
  )
}

function Warnings({ generation: { warnings } }: { generation: Generation }) {
  const { t } = useTranslation('gallery')
  if (warnings.length === 0) return null
  return (
    <section className={c.warnings}>
      <h3>{t('detail.warnings')}</h3>
      {warnings.map((warning) => {
        const { message, hint } = describeReason(warning)
        return (
          <p key={warning.problem}>
            {message} {hint}
          </p>
        )
      })}
    </section>
  )
}
