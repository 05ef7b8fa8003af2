import { Button, SegmentedControl } from '@mantine/core'
import { IconLock, IconLockOpen2 } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AutoLock, type AccessStatus, type Role } from '../../../shared/contract'
import { lockNow } from '../../api/lock'
import { askForProof } from '../../api/proof'
import { api, queryClient } from '../../api/query'
import { Page } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { useCanLock, useIsAdmin, useSession } from '../../api/useSession'
import { AddressesPanel } from './AddressesPanel'
import { ProxiesPanel } from './ProxiesPanel'
import { PasswordDialog } from './PasswordDialog'
import { SessionsPanel } from './SessionsPanel'
import { UsersPanel } from './UsersPanel'
import c from '../../ui/Sheet.module.css'

/** One role's password: what it opens, whether it is set, and what can be done to it. */
function PasswordPanel({ role, isSet }: { role: Role; isSet: boolean }) {
  const { t } = useTranslation(['access', 'common'])
  const isAdmin = useIsAdmin()
  const [dialog, setDialog] = useState<'set' | 'remove' | null>(null)
  const roleName = t(`passwords.roles.${role}`)
  const why = isAdmin ? undefined : t('common:role.adminNeeded')
  return (
    <Panel title={t(`passwords.${role}`)}>
      <p className={c.text}>{t(`passwords.${role}Text`)}</p>
      <StatusLabel of={isSet ? 'ready' : 'absent'} word={t(isSet ? 'passwords.isSet' : 'passwords.notSet')} />
      <div className={c.buttons}>
        <Button
          variant="default"
          disabled={!isAdmin}
          title={why}
          onClick={() => setDialog('set')}
          aria-label={t(isSet ? 'passwords.changeOf' : 'passwords.setOf', { role: roleName })}
        >
          {t(isSet ? 'passwords.change' : 'passwords.set')}
        </Button>
        {isSet && (
          <Button
            variant="default"
            disabled={!isAdmin}
            title={why}
            onClick={() => setDialog('remove')}
            aria-label={t('passwords.removeOf', { role: roleName })}
          >
            {t('passwords.remove')}
          </Button>
        )}
      </div>
      {dialog !== null && <PasswordDialog role={role} act={dialog} isSet={isSet} onClose={() => setDialog(null)} />}
    </Panel>
  )
}

/** When a session locks, and locking it now. */
function LockPanel({ status }: { status: AccessStatus }) {
  const { t } = useTranslation(['access', 'common'])
  const isAdmin = useIsAdmin()
  const canLock = useCanLock()
  const change = useMutation(
    api.access.change.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(api.access.status.queryKey(), changed),
    }),
  )
  const values = AutoLock.options.map(({ value }) => value)
  return (
    <Panel title={t('auto.title')}>
      <p className={c.text}>{t('auto.text')}</p>
      <div className={c.lines}>
        <div className={c.line}>
          <span className={c.label}>{t('auto.label')}</span>
          <SegmentedControl
            data={values.map((n) => ({
              value: String(n),
              label: n === 0 ? t('auto.never') : t('auto.minutes', { n }),
            }))}
            value={String(status.autoLockMinutes)}
            onChange={(text) => {
              const autoLockMinutes = values.find((value) => String(value) === text)
              if (autoLockMinutes !== undefined) change.mutate({ autoLockMinutes })
            }}
            disabled={!isAdmin || change.isPending}
            aria-label={t('auto.label')}
          />
        </div>
      </div>
      {!isAdmin && <p className={c.text}>{t('common:role.adminNeeded')}</p>}
      <div className={c.buttons}>
        <Button
          variant="default"
          leftSection={<IconLock size={16} stroke={1.6} />}
          onClick={lockNow}
          disabled={!canLock}
          title={canLock ? undefined : t('auto.needsPassword')}
        >
          {t('auto.now')}
        </Button>
      </div>
      {!canLock && <p className={c.text}>{t('auto.needsPassword')}</p>}
    </Panel>
  )
}

/** On the desktop, with an admin password: whether administrator's actions are open, and until when. */
function OwnerPanel() {
  const { t } = useTranslation('access')
  const session = useSession().data
  if (session?.door !== 'desktop' || !session.passwords.admin) return null
  const until = session.adminUntil === null ? null : new Date(session.adminUntil).toLocaleTimeString()
  return (
    <Panel title={t('state.title')}>
      <p className={c.text}>{until === null ? t('state.onDemand') : t('state.until', { time: until })}</p>
      {until === null && (
        <Button
          variant="default"
          leftSection={<IconLockOpen2 size={16} stroke={1.6} />}
          onClick={() => void askForProof('session.admin-locked')}
        >
          {t('state.unlock')}
        </Button>
      )}
    </Panel>
  )
}

/** Passwords of the roles, what users may do, who is signed in, and the lock. */
export default function AccessPage() {
  const { t } = useTranslation(['access', 'common'])
  const status = useQuery(api.access.status.queryOptions())
  return (
    <Page title={t('title')} parent={{ label: t('common:nav.settings'), href: hrefOf('settings') }}>
      <Loaded query={status}>
        {(data) => (
          <div className={c.page}>
            <div className={c.column}>
              <PasswordPanel role="admin" isSet={data.passwords.admin} />
              <PasswordPanel role="user" isSet={data.passwords.user} />
              <UsersPanel />
            </div>
            <div className={c.column}>
              <SessionsPanel />
              <LockPanel status={data} />
              <OwnerPanel />
              <AddressesPanel />
              <ProxiesPanel />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}
