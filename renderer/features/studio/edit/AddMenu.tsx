import { IconFolderOpen, IconPhoto } from '@tabler/icons-react'
import { Suspense, useRef, useState, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { pictureMimes } from '../../../../shared/media'
import { MenuButton, type Pressed } from '../../../ui/MenuButton'
import { lazyPart } from '../../../ui/parts'
import type { Given } from './pictures'

const GalleryPicker = lazyPart(() => import('./GalleryPicker'))

interface AddMenuProps {
  onGive: (given: Given) => void
  /** The button that opens it. */
  children: ReactElement<Pressed>
}

/** Where a picture comes from: a file, or the gallery. */
export function AddMenu({ onGive, children }: AddMenuProps) {
  const { t } = useTranslation('editing')
  const file = useRef<HTMLInputElement>(null)
  const [isPicking, setPicking] = useState(false)
  return (
    <>
      <MenuButton
        side="start"
        entries={() => [
          {
            ...{ type: 'act', key: 'file', label: t('images.file'), icon: IconFolderOpen },
            onClick: () => file.current?.click(),
          },
          {
            ...{ type: 'act', key: 'gallery', label: t('images.gallery'), icon: IconPhoto },
            onClick: () => setPicking(true),
          },
        ]}
      >
        {children}
      </MenuButton>
      <input
        ref={file}
        type="file"
        hidden
        aria-label={t('images.file')}
        accept={pictureMimes.join(',')}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? []
          if (chosen) onGive(chosen)
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
      <Suspense>
        {isPicking && (
          <GalleryPicker
            onClose={() => setPicking(false)}
            onPick={(imageId) => {
              setPicking(false)
              onGive({ imageId })
            }}
          />
        )}
      </Suspense>
    </>
  )
}
