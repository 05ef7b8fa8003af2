import { Button, FileButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconPhoto, IconUpload } from '@tabler/icons-react'
import { Suspense, useState, type ClipboardEvent, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { largestInputBytes, type InputImage } from '../../../../../shared/contract'
import { pictureMimes } from '../../../../../shared/media'
import { inputUrl } from '../../../../api/images'
import { formatBytes } from '../../../../i18n/format'
import { lazyPart } from '../../../../ui/parts'
import { showFailed } from '../../../../ui/toast'
import { api } from '../../../../api/query'
import { valueOf, type KeptImage } from '../model/kept'
import { setImage } from '../store'
import c from './Form.module.css'
import type { InputFieldProps } from './input-field-props'

const GalleryDialog = lazyPart(() => import('./GalleryDialog'))

const isPicture = ({ type }: File) => pictureMimes.some((one) => one === type)
const imageIn = (files: FileList | undefined) => [...(files ?? [])].find(isPicture)

/** Gives Regie a picture, from a file or from the gallery, and fills it in. */
function useGiving({ workflowId, input }: InputFieldProps) {
  const { t } = useTranslation('workflow')
  const put = ({ id, width, height, imageId }: InputImage, fileName: string | null) =>
    setImage(workflowId, input, { id, name: fileName, size: { width, height }, isFromGallery: imageId !== null })
  const upload = useMutation(
    api.inputs.upload.mutationOptions({ onSuccess: (image, { file }) => put(image, file.name) }),
  )
  const take = useMutation(api.inputs.fromImage.mutationOptions({ onSuccess: (image) => put(image, null) }))
  const give = (file: File | null | undefined) => {
    if (!file) return
    const size = formatBytes(largestInputBytes)
    if (file.size > largestInputBytes)
      showFailed(t('image.tooLarge', { file: file.name }), t('image.mostBytes', { size }))
    else upload.mutate({ file })
  }
  return { give, take: (id: string) => take.mutate({ id }), isBusy: upload.isPending || take.isPending }
}

/** A picture for the workflow: dropped, pasted, chosen as a file, or taken from the gallery. */
export function ImageInput(props: InputFieldProps) {
  const { input, kept, name } = props
  const [isOver, setOver] = useState(false)
  const { give, take, isBusy } = useGiving(props)
  const value = String(valueOf(input, kept))
  const image = kept.images[value]
  return (
    <div
      className={c.image}
      data-over={isOver || undefined}
      role="group"
      aria-label={name}
      tabIndex={0}
      id={`in-${input.id}`}
      onDragOver={(event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        give(imageIn(event.dataTransfer.files))
      }}
      onPaste={(event: ClipboardEvent) => give(imageIn(event.clipboardData.files))}
    >
      <span className={c.thumb}>
        {image ? <img src={inputUrl(value)} alt="" /> : <IconPhoto size={22} stroke={1.4} aria-hidden />}
      </span>
      <div className={c.imageText}>
        <About value={value} image={image} />
        <Sources name={name} isBusy={isBusy} onFile={give} onGallery={take} />
      </div>
    </div>
  )
}

function About({ value, image }: { value: string; image: KeptImage | undefined }) {
  const { t } = useTranslation('workflow')
  if (!image) {
    return (
      <>
        <span className="ellipsis" title={value}>
          {value === '' ? t('image.none') : value}
        </span>
        <small>{t(value === '' ? 'image.hint' : 'image.saved')}</small>
      </>
    )
  }
  return (
    <>
      <span className="ellipsis" title={image.name ?? undefined}>
        {image.name ?? t(image.isFromGallery ? 'image.fromGallery' : 'image.given')}
      </span>
      {image.size && <small>{t(image.isFromGallery ? 'image.sizeFromGallery' : 'image.size', image.size)}</small>}
    </>
  )
}

interface SourcesProps {
  name: string
  isBusy: boolean
  onFile: (file: File | null) => void
  onGallery: (id: string) => void
}

function Sources({ name, isBusy, onFile, onGallery }: SourcesProps) {
  const { t } = useTranslation('workflow')
  const [isChoosing, setChoosing] = useState(false)
  const look = { variant: 'default', className: c.small } as const
  return (
    <div>
      <FileButton accept={pictureMimes.join()} onChange={onFile}>
        {(props) => (
          <Button
            {...props}
            {...look}
            loading={isBusy}
            leftSection={<IconUpload size={13} />}
            aria-label={t('image.chooseFor', { input: name })}
          >
            {t('image.choose')}
          </Button>
        )}
      </FileButton>
      <Button
        {...look}
        disabled={isBusy}
        aria-label={t('image.galleryFor', { input: name })}
        onClick={() => setChoosing(true)}
      >
        {t('image.gallery')}
      </Button>
      <Suspense>
        {isChoosing && (
          <GalleryDialog
            onClose={() => setChoosing(false)}
            onImage={(id) => {
              setChoosing(false)
              onGallery(id)
            }}
          />
        )}
      </Suspense>
    </div>
  )
}
