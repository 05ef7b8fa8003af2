import { Button } from '@mantine/core'
import { IconLock, IconLockOpen2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { askForProof } from '../api/proof'
import { useIsAdmin } from '../api/useSession'
import { hrefOf, type PageId } from '../ui/route'
import { Page } from '../ui/Page'
import { Empty } from '../ui/States'

/** In place of a page that its reader may not see: why, and the way on. The desktop's owner can open it. */
export default function AdminsOnly({ page }: { page: PageId }) {
  const { t } = useTranslation()
  const isOwner = useIsAdmin()
  return (
    <Page title={t(`nav.${page}`)}>
      <Empty
        icon={IconLock}
        title={t('role.adminNeeded')}
        action={
          isOwner ? (
            <Button
              variant="light"
              leftSection={<IconLockOpen2 size={16} stroke={1.6} />}
              onClick={() => void askForProof('session.admin-locked')}
            >
              {t('role.unlock')}
            </Button>
          ) : (
            <Button variant="light" component="a" href={hrefOf('overview')}>
              {t('nav.back', { page: t('nav.overview') })}
            </Button>
          )
        }
      >
        {t(isOwner ? 'role.lockedText' : 'role.hiddenText')}
      </Empty>
    </Page>
  )
}
