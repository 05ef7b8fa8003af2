import { ActionIcon, Button } from '@mantine/core'
import { IconBookmarks } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lazyPart } from '../../ui/parts'

const PresetsDialog = lazyPart(() => import('./PresetsDialog'))

/** Opens what is kept of the form. */
export function PresetsButton({ isIcon = false }: { isIcon?: boolean }) {
  const { t } = useTranslation('studio')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {isIcon ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          aria-label={t('presets.title')}
          onClick={() => setOpen(true)}
        >
          <IconBookmarks size={20} stroke={1.6} />
        </ActionIcon>
      ) : (
        <Button variant="default" leftSection={<IconBookmarks size={16} stroke={1.6} />} onClick={() => setOpen(true)}>
          {t('presets.title')}
        </Button>
      )}
      <Suspense>{isOpen && <PresetsDialog onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
