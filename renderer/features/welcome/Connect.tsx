import { Button } from '@mantine/core'
import { IconBrandDocker, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { useIsAdmin } from '../../api/useSession'
import { ServiceLines } from './ServiceLines'
import c from './Welcome.module.css'
import { lazyPart } from '../../ui/parts'

const AddServiceDialog = lazyPart(() => import('../services/AddServiceDialog'))

const ways = { project: { way: 'project' }, external: { way: 'plain', runtime: 'external' } } as const
const icons = { project: IconBrandDocker, external: IconPlugConnected }
const ids = ['project', 'external'] as const

/** Takes over services that are there: of a Compose project, or at an address. */
export function Connect() {
  const { t } = useTranslation('welcome')
  const isAdmin = useIsAdmin()
  const [way, setWay] = useState<(typeof ids)[number] | null>(null)
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const projects = useQuery(api.docker.projects.queryOptions()).data ?? []
  const found = projects.flatMap((project) =>
    project.services.filter(({ guess, serviceId }) => guess !== null && serviceId === null),
  ).length
  const connected = services.filter(({ runtime }) => runtime !== 'simulator')
  return (
    <>
      <ul className={c.sims}>
        {ids.map((one) => {
          const I = icons[one]
          return (
            <li key={one}>
              <span className={c.stepIcon}>
                <I size={18} stroke={1.6} aria-hidden />
              </span>
              <span className={c.simName}>
                <b>{t(`connect.${one}`)}</b>
                <span>
                  {one === 'project' && found > 0 ? t('connect.found', { count: found }) : t(`connect.${one}Note`)}
                </span>
              </span>
              {isAdmin && (
                <Button
                  variant={one === 'project' && found > 0 ? 'light' : 'default'}
                  onClick={() => setWay(one)}
                  aria-label={t('connect.buttonOf', { what: t(`connect.${one}`) })}
                >
                  {t('connect.button')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {connected.length > 0 && <ServiceLines services={connected} />}
      <p className={c.note}>{t('connect.note')}</p>
      {way && (
        <Suspense>
          <AddServiceDialog way={ways[way]} onClose={() => setWay(null)} />
        </Suspense>
      )}
    </>
  )
}
