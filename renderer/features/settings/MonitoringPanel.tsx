import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { useIsAdmin, useSession } from '../../api/useSession'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Facts, Panel } from '../../ui/Panel'
import { lazyPart } from '../../ui/parts'
import c from '../../ui/Sheet.module.css'

const TokenDialog = lazyPart(() => import('./TokenDialog'))

/** Reads the token's state, makes one and ends it. */
function useMetricsToken(isAdmin: boolean) {
  const client = useQueryClient()
  const token = useQuery({ ...api.metrics.token.queryOptions(), enabled: isAdmin })
  const onSuccess = () => client.invalidateQueries({ queryKey: api.metrics.token.key() })
  const make = useMutation(api.metrics.makeToken.mutationOptions({ onSuccess }))
  const end = useMutation(api.metrics.endToken.mutationOptions({ onSuccess }))
  return { token: token.data, make, end }
}

interface ButtonsProps {
  hasToken: boolean
  isMaking: boolean
  make: () => void
  ask: (what: 'replace' | 'end') => void
}

function TokenButtons({ hasToken, isMaking, make, ask }: ButtonsProps) {
  const { t } = useTranslation('settings')
  return (
    <div className={c.buttons}>
      <Button variant="default" onClick={hasToken ? () => ask('replace') : make} loading={isMaking}>
        {t(hasToken ? 'monitoring.replace' : 'monitoring.make')}
      </Button>
      {hasToken && (
        <Button variant="default" onClick={() => ask('end')}>
          {t('monitoring.end')}
        </Button>
      )}
    </div>
  )
}

/** How Prometheus reads Regie: the address, and the token with which it may. */
export function MonitoringPanel() {
  const { t } = useTranslation(['settings', 'common'])
  const isAdmin = useIsAdmin()
  const session = useSession().data
  const { token, make, end } = useMetricsToken(isAdmin)
  const [asks, setAsks] = useState<'replace' | 'end' | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  if (!isAdmin || !token) return null
  // The desktop application listens on no port: nobody could read it there.
  const isReachable = session?.door === 'http'
  const close = () => setAsks(null)
  const makeOne = () => make.mutate(undefined, { onSuccess: (made) => setShown(made.token), onSettled: close })
  const endIt = () => end.mutate(undefined, { onSettled: close })
  return (
    <Panel title={t('monitoring.title')}>
      <p className={c.text}>{t(isReachable ? 'monitoring.text' : 'monitoring.desktop')}</p>
      {isReachable && (
        <Facts
          labelWidth={120}
          rows={[
            [t('monitoring.address'), `${location.origin}/metrics`],
            [
              t('monitoring.token'),
              token.madeAt === null ? t('monitoring.none') : <Ago key="made" at={token.madeAt} />,
            ],
            [
              t('monitoring.used'),
              token.usedAt === null ? t('monitoring.unused') : <Ago key="used" at={token.usedAt} />,
            ],
          ]}
        />
      )}
      {isReachable && (
        <TokenButtons hasToken={token.madeAt !== null} isMaking={make.isPending} make={makeOne} ask={setAsks} />
      )}
      <ConfirmDialog
        opened={asks !== null}
        onClose={close}
        title={t(asks === 'end' ? 'monitoring.endTitle' : 'monitoring.replaceTitle')}
        confirm={t(asks === 'end' ? 'monitoring.end' : 'monitoring.replace')}
        onConfirm={asks === 'end' ? endIt : makeOne}
        busy={make.isPending || end.isPending}
        dangerous={asks === 'end'}
      >
        <p>{t('monitoring.refused')}</p>
      </ConfirmDialog>
      {shown !== null && (
        <Suspense>
          <TokenDialog token={shown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </Panel>
  )
}
