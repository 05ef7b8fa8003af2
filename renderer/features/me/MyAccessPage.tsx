import { Button } from '@mantine/core'
import { IconEyeOff, IconPassword, IconPlus, IconShield, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../api/Loaded'
import { usePreferences } from '../../api/usePreferences'
import { useMe } from '../../api/useSession'
import { Page } from '../../ui/Page'
import { usePageKeys } from '../../ui/page-keys'
import { Panel } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { KeysPanel } from '../keys/KeysPanel'
import { ownerOf, type KeyOwner } from '../keys/owner'
import { keyRows } from '../keys/rows'
import { useKeys } from '../keys/useKeys'
import { useReach } from '../keys/useReach'
import { Appearance } from '../settings/Appearance'
import { SessionPanel } from '../settings/SessionPanel'
import { LimitMeters, UseDays } from '../use/UsePanels'
import { useUse } from '../use/useUse'
import { Connect } from './Connect'
import { PasswordDialog } from './PasswordDialog'
import c from './Me.module.css'
import { MyJobs } from './MyJobs'

function MyUse({ me }: { me: KeyOwner }) {
  const { t } = useTranslation('me')
  const use = useUse(me.account, true)
  return (
    <Panel title={t('use.title')}>
      <Loaded query={use}>
        {(now) => (
          <>
            <LimitMeters now={now} />
            <div className={c.chart}>
              <UseDays days={now.days} height={48} />
            </div>
          </>
        )}
      </Loaded>
    </Panel>
  )
}

/** As whom one is here, and the password where there is one: whoever has none gets it by an invitation, or in Settings. */
function MySession() {
  const { t } = useTranslation('me')
  const hasPassword = useMe().data?.hasPassword === true
  const [isChanging, setChanging] = useState(false)
  const button = hasPassword && (
    <Button variant="default" leftSection={<IconPassword size={16} stroke={1.6} />} onClick={() => setChanging(true)}>
      {t('password')}
    </Button>
  )
  return (
    <>
      <SessionPanel more={button} />
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  )
}

/** What others see of one's work, in words. */
function Privacy() {
  const { t } = useTranslation('me')
  return (
    <Panel title={t('privacy.title')}>
      <ul className={c.privacy}>
        <li>
          <IconEyeOff size={16} stroke={1.6} aria-hidden />
          {t('privacy.jobs')}
        </li>
        <li>
          <IconShield size={16} stroke={1.6} aria-hidden />
          {t('privacy.admins')}
        </li>
        <li>
          <IconUsers size={16} stroke={1.6} aria-hidden />
          {t('privacy.shared')}
        </li>
      </ul>
    </Panel>
  )
}

function Lead({ me }: { me: KeyOwner }) {
  const { t } = useTranslation('me')
  const reaches = useReach(null)
  const keys = useKeys(me).data
  if (!keys) return null
  const open = reaches.filter(({ url }) => url !== null).length
  return [t('lead.services', { count: open }), t('lead.keys', { count: keyRows(keys).length })].join(', ')
}

function Content({ me, isAdding, onAdding }: { me: KeyOwner; isAdding: boolean; onAdding: (is: boolean) => void }) {
  const { t } = useTranslation('me')
  const preferences = usePreferences()
  return (
    <div className={c.grid}>
      <div className={c.column}>
        <Connect me={me} />
        <KeysPanel owner={me} title={t('keys')} isAdding={isAdding} onAdding={onAdding} />
        <MySession />
      </div>
      <div className={c.column}>
        <MyJobs account={me.account} />
        <MyUse me={me} />
        <Privacy />
        {me.role === 'user' && <Loaded query={preferences}>{(data) => <Appearance preferences={data} />}</Loaded>}
      </div>
    </div>
  )
}

/** What is a person's own: how to connect, keys, jobs, use and limits, and what others see. */
export default function MyAccessPage() {
  const { t } = useTranslation(['me', 'keys'])
  const account = useMe()
  const me = account.data && ownerOf(account.data, true)
  const [isAdding, setAdding] = useState(false)
  usePageKeys('me', { newKey: () => setAdding(true) })
  const add = (
    <Button
      variant="filled"
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
      disabled={me === undefined}
    >
      {t('keys:add')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={me && <Lead me={me} />} actions={add} narrow={{ header: add }}>
      <Loaded query={account} loading={<Loading rows={8} height={32} />}>
        {(data) => <Content me={ownerOf(data, true)} isAdding={isAdding} onAdding={setAdding} />}
      </Loaded>
    </Page>
  )
}
