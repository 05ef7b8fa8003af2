import { Button } from '@mantine/core'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { lazyPart } from '../../ui/parts'

const AddServiceDialog = lazyPart(() => import('./AddServiceDialog'))

/** Opens the dialog that adds a service; its code is fetched then. */
export function AddServiceButton({ icon }: { icon?: ReactNode }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={icon} onClick={() => setOpened(true)}>
        {t('action.addService')}
      </Button>
      {opened && (
        <Suspense>
          <AddServiceDialog onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  )
}
