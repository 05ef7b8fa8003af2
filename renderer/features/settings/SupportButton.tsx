import { Button } from '@mantine/core'
import { IconLifebuoy } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { lazyPart } from '../../ui/parts'

const SupportDialog = lazyPart(() => import('./SupportDialog'))

/** Opens the support bundle; for administrators. */
export function SupportButton() {
  const { t } = useTranslation('settings')
  const [isOpen, setOpen] = useState(false)
  if (!useIsAdmin()) return null
  return (
    <>
      <Button variant="default" leftSection={<IconLifebuoy size={16} stroke={1.6} />} onClick={() => setOpen(true)}>
        {t('about.support')}
      </Button>
      {isOpen && (
        <Suspense>
          <SupportDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
