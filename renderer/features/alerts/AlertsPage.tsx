import { Button } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Alerts } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { MenuButton } from '../../ui/MenuButton'
import { Page } from '../../ui/Page'
import { hrefOf } from '../../ui/route'
import c from './Alerts.module.css'
import { Channels } from './Channels'
import { History } from './History'
import { muteOf, useMuteEntries } from './muting'
import { Rules } from './Rules'

function Lead({ alerts: { firing, mutes } }: { alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  if (muteOf(mutes, { what: 'all' })) return t('mutedAll')
  const muted = mutes.length > 0 ? [t('lead.muted', { count: mutes.length })] : []
  return [t('lead.firing', { count: firing.length }), ...muted].join(', ')
}

function MuteAll({ alerts }: { alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const entries = useMuteEntries(alerts.mutes)
  return (
    <MenuButton entries={() => entries({ what: 'all' })}>
      <Button variant="default" leftSection={<IconBellOff size={16} stroke={1.6} />}>
        {t('muteAll')}
      </Button>
    </MenuButton>
  )
}

/** What raises an alert, whom it reaches, and what became of each. */
export default function AlertsPage() {
  const { t } = useTranslation(['alerts', 'common'])
  const alerts = useQuery(api.alerts.read.queryOptions())
  return (
    <Page
      title={t('title')}
      parent={{ label: t('common:nav.settings'), href: hrefOf('settings') }}
      lead={alerts.data && <Lead alerts={alerts.data} />}
      actions={alerts.data && <MuteAll alerts={alerts.data} />}
    >
      <Loaded query={alerts}>
        {(data) => (
          <div className={c.grid}>
            <div className={c.column}>
              <Rules alerts={data} />
              <History alerts={data} />
            </div>
            <Channels alerts={data} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}
