import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceKind } from '../../../shared/contract'
import { api } from '../../api/query'
import { KindIcon } from '../../components/KindIcon'
import { useIsAdmin } from '../../hooks/useSession'
import { ServiceLines } from './ServiceLines'
import c from './Welcome.module.css'

const AddServiceDialog = lazy(() => import('../../components/service/AddServiceDialog'))

const kinds = ['comfyui', 'forge'] as const

/** Adds a service that somebody else runs. */
export function Connect() {
  const { t } = useTranslation(['welcome', 'common'])
  const isAdmin = useIsAdmin()
  const [kind, setKind] = useState<ServiceKind | null>(null)
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const connected = services.filter(({ runtime }) => runtime !== 'simulator')
  return (
    <>
      <ul className={c.sims}>
        {kinds.map((one) => (
          <li key={one}>
            <KindIcon kind={one} />
            <span className={c.simName}>
              <b>{t(`common:kind.${one}`)}</b>
              <span>{t(`connect.${one}`)}</span>
            </span>
            {isAdmin && (
              <Button
                variant="default"
                onClick={() => setKind(one)}
                aria-label={t('connect.buttonOf', { kind: t(`common:kind.${one}`) })}
              >
                {t('connect.button')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {connected.length > 0 && <ServiceLines services={connected} />}
      <p className={c.note}>{t('connect.note')}</p>
      {kind && (
        <Suspense>
          <AddServiceDialog kind={kind} runtime="external" onClose={() => setKind(null)} />
        </Suspense>
      )}
    </>
  )
}
