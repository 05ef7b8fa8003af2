import { Button } from '@mantine/core'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../shared/contract'
import { useIsAdmin } from '../../api/useSession'
import { lazyPart } from '../../ui/parts'

const AddressDialog = lazyPart(() => import('./AddressDialog'))

/** Opens the dialog for Docker's address; only an administrator may set it. */
export function AddressButton({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation(['docker', 'common'])
  const [isOpen, setOpen] = useState(false)
  const isAdmin = useIsAdmin()
  return (
    <>
      <Button
        variant="default"
        onClick={() => setOpen(true)}
        disabled={!isAdmin}
        title={isAdmin ? undefined : t('common:role.adminNeeded')}
      >
        {t('address.open')}
      </Button>
      {isOpen && (
        <Suspense>
          <AddressDialog engine={engine} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
