import { Button } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SignedInSession, User } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api, queryClient } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { clientName } from '../../ui/client-name'
import { Panel, PanelAction } from '../../ui/Panel'
import c from './People.module.css'

const listAgain = () => queryClient.invalidateQueries({ queryKey: api.access.sessions.key() })

const isPhone = (client: string | null) => client !== null && /\b(?:Mobile|Android|iPhone|iPad)\b/.test(client)

function Session({ of, isBusy, onEnd }: { of: SignedInSession; isBusy: boolean; onEnd: () => void }) {
  const { t } = useTranslation('people')
  const Device = isPhone(of.client) ? IconDeviceMobile : IconDeviceDesktop
  const client = of.client === null ? t('sessions.unknown') : clientName(of.client)
  return (
    <li>
      <Device size={16} stroke={1.6} aria-hidden />
      <span className={c.two}>
        <span title={of.client ?? undefined}>{client}</span>
        <span className="mono">{of.from}</span>
      </span>
      <span className={c.sessionAt}>
        {of.current ? t('sessions.current') : of.lastUsedAt !== null && <Ago at={of.lastUsedAt} />}
      </span>
      {!of.current && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={onEnd}
          disabled={isBusy}
          aria-label={t('sessions.endOf', { client })}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  )
}

/** Where a person is signed in, and ending it. */
export function PersonSessions({ user }: { user: User }) {
  const { t } = useTranslation('people')
  const sessions = useQuery({ ...api.access.sessions.queryOptions(), staleTime: 0 })
  const end = useMutation(api.access.endSession.mutationOptions({ onSettled: listAgain }))
  const own = (sessions.data ?? []).filter(({ account }) => account === user.id)
  const others = own.filter(({ current }) => !current)
  return (
    <Panel
      title={t('sessions.title')}
      {...(own.length > 0 && { note: t('sessions.count', { count: own.length }) })}
      {...(others.length > 1 && {
        action: (
          <PanelAction onClick={() => others.forEach(({ id }) => end.mutate({ id }))} loading={end.isPending}>
            {t('sessions.endAll')}
          </PanelAction>
        ),
      })}
      flush={own.length > 0}
    >
      <Loaded query={sessions}>
        {() =>
          own.length === 0 ? (
            <p className={c.note}>{t('sessions.none')}</p>
          ) : (
            <ul className={c.sessions} aria-label={t('sessions.title')}>
              {own.map((session) => (
                <Session
                  key={session.id}
                  of={session}
                  isBusy={end.isPending}
                  onEnd={() => end.mutate({ id: session.id })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
