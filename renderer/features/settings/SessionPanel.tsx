import { Button } from '@mantine/core'
import { IconLock, IconLogout } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { lockNow } from '../../api/lock'
import { useCanLock, useSession } from '../../api/useSession'
import { useSignOut } from '../../api/useSignOut'
import { Panel } from '../../ui/Panel'
import c from '../../ui/Sheet.module.css'

/** As whom one is here, what that allows, and the ways out. */
export function SessionPanel({ more }: { more?: ReactNode }) {
  const { t } = useTranslation(['settings', 'common'])
  const session = useSession().data
  const canLock = useCanLock()
  const signOut = useSignOut()
  if (!session?.role) return null
  return (
    <Panel title={t('session.title')}>
      <p className={c.text}>{t(`common:role.${session.role}Tip`)}</p>
      {session.door === 'desktop' && <p className={c.text}>{t('session.desktop')}</p>}
      <div className={c.buttons}>
        {session.door === 'http' && (
          <Button
            variant="default"
            leftSection={<IconLogout size={16} stroke={1.6} />}
            onClick={() => signOut.mutate()}
            loading={signOut.isPending}
          >
            {t('session.signOut')}
          </Button>
        )}
        {canLock && (
          <Button variant="default" leftSection={<IconLock size={16} stroke={1.6} />} onClick={lockNow}>
            {t('common:role.lock')}
          </Button>
        )}
        {more}
      </div>
    </Panel>
  )
}
