import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { kinds } from '../../../shared/kinds'
import { serviceName } from '../../../shared/service-name'
import { isUp } from '../../../shared/service-state'
import { Panel } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { KeySnippets } from '../keys/KeySnippets'
import type { KeyOwner } from '../keys/owner'
import { useReach, type Reach } from '../keys/useReach'
import { KindIcon } from '../services/KindIcon'
import { statusOf } from '../services/state'
import c from './Me.module.css'

function Line({ reach: { service, url } }: { reach: Reach }) {
  const { t } = useTranslation('me')
  const name = serviceName(service)
  const wakes = !isUp(service) && service.idle.wake
  return (
    <li className={c.service}>
      <KindIcon kind={service.kind} />
      <span className={c.two}>
        <b>{name}</b>
        {url === null ? (
          <span>{t('connect.off')}</span>
        ) : (
          <span className={`mono ${c.address}`}>
            {url} <CopyIcon value={url} label={t('connect.copy', { id: name })} size={22} />
          </span>
        )}
      </span>
      <span className={c.state}>
        <StatusLabel of={statusOf(service)} />
      </span>
      {url !== null && (
        <Button
          variant="default"
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          rightSection={<IconExternalLink size={15} />}
          aria-label={`${wakes ? t('connect.wake') : t('connect.open', { program: kinds[service.kind].name })}: ${name}`}
        >
          {wakes ? t('connect.wake') : t('connect.open', { program: kinds[service.kind].name })}
        </Button>
      )}
    </li>
  )
}

/** Every service with its address, and how a program uses one. */
export function Connect({ me }: { me: KeyOwner }) {
  const { t } = useTranslation('me')
  const reaches = useReach(null)
  return (
    <Panel title={t('connect.title')} note={t('connect.note')} flush>
      {reaches.length === 0 ? (
        <p className={c.none}>{t('connect.none')}</p>
      ) : (
        <ul className={c.services} aria-label={t('connect.title')}>
          {reaches.map((reach) => (
            <Line key={reach.service.id} reach={reach} />
          ))}
        </ul>
      )}
      <div className={c.snippet}>
        <KeySnippets title={t('connect.program')} reaches={reaches} name={me.account} secret={null} />
      </div>
    </Panel>
  )
}
