import { ActionIcon, Button } from '@mantine/core'
import { IconLogout, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SignedInSession } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { Loaded } from '../../api/Loaded'
import { usePersonName } from '../../api/usePersonName'
import { useIsAdmin, useSession } from '../../api/useSession'
import { useSignOut } from '../../api/useSignOut'
import { Ago } from '../../ui/Ago'
import { Panel } from '../../ui/Panel'
import { clientName } from '../../ui/client-name'
import c from '../../ui/Sheet.module.css'
import own from './Access.module.css'

const listAgain = () => queryClient.invalidateQueries({ queryKey: api.access.sessions.key() })

/** Who, with what, from where, since when; and the way to end it. */
function SessionRow({ session, isBusy, onEnd }: { session: SignedInSession; isBusy: boolean; onEnd: () => void }) {
  const { t } = useTranslation('access')
  const { account, client, from, since, lastUsedAt, current } = session
  const name = usePersonName()(account)
  const program = client === null ? t('sessions.unknownClient') : clientName(client)
  const label = current ? t('sessions.signOut') : t('sessions.end', { account: name, client: program })
  return (
    <li>
      <span className={own.session}>
        <span>
          <b>{name}</b>
          {current && <span className={own.here}>{t('sessions.current')}</span>}
        </span>
        <span className="dim" title={client ?? undefined}>
          {from === null ? program : t('sessions.where', { client: program, from })}
        </span>
        <span className="dim">
          {t('sessions.lastUsed')} {lastUsedAt === null ? t('sessions.unknownTime') : <Ago at={lastUsedAt} />}
          {since !== null && (
            <>
              , {t('sessions.since')} <Ago at={since} />
            </>
          )}
        </span>
      </span>
      <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} disabled={isBusy} onClick={onEnd}>
        <IconLogout size={16} stroke={1.6} />
      </ActionIcon>
    </li>
  )
}

/** Who is signed in through a browser, and ending it one by one or all but this. In a browser only. */
export function SessionsPanel() {
  const { t } = useTranslation(['access', 'common'])
  const isHttp = useSession().data?.door === 'http'
  const isAdmin = useIsAdmin()
  const sessions = useQuery({
    ...api.access.sessions.queryOptions(),
    ...{ enabled: isAdmin && isHttp, staleTime: 0, refetchOnWindowFocus: true },
  })
  const end = useMutation(api.access.endSession.mutationOptions({ onSettled: listAgain }))
  const endOthers = useMutation(api.access.endOtherSessions.mutationOptions({ onSettled: listAgain }))
  const signOut = useSignOut()
  if (!isAdmin || !isHttp) return null
  const isBusy = end.isPending || endOthers.isPending || signOut.isPending
  return (
    <Panel
      title={t('sessions.title')}
      action={
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('sessions.refresh')}
          title={t('sessions.refresh')}
          loading={sessions.isFetching}
          onClick={() => void listAgain()}
        >
          <IconRefresh size={16} stroke={1.6} />
        </ActionIcon>
      }
    >
      <p className={c.text}>{t('sessions.text')}</p>
      <Loaded query={sessions}>
        {(list) => (
          <>
            <ul className={`${c.list} ${own.sessions}`} aria-label={t('sessions.title')}>
              {list.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  isBusy={isBusy}
                  onEnd={() => (session.current ? signOut.mutate() : end.mutate({ id: session.id }))}
                />
              ))}
            </ul>
            <Button
              variant="default"
              disabled={list.every(({ current }) => current)}
              loading={endOthers.isPending}
              onClick={() => endOthers.mutate(undefined)}
            >
              {t('sessions.endOthers')}
            </Button>
          </>
        )}
      </Loaded>
    </Panel>
  )
}
