import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StackId } from '../../../shared/contract'
import { stackIds, stackKinds } from '../../../shared/kinds'
import { api } from '../../api/query'
import { KindIcon } from '../services/KindIcon'
import { StatusLabel } from '../../ui/Status'
import { useGpus } from '../gpus/useGpus'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { ServiceLines } from './ServiceLines'
import c from './Welcome.module.css'
import { lazyPart } from '../../ui/parts'

const AddServiceDialog = lazyPart(() => import('../services/AddServiceDialog'))

/** What the machine brings for the stacks: Docker and its GPUs. */
function Machine() {
  const { t } = useTranslation('welcome')
  const engine = useQuery(api.docker.engine.queryOptions()).data
  const { report } = useGpus()
  if (!report || report.state === 'starting' || !engine || engine.state === 'connecting')
    return <StatusLabel of="probing" word={t('deploy.looking')} />
  if (engine.state === 'unreachable' || engine.info === null) {
    const why = engine.reason && describeReason(engine.reason)
    return (
      <>
        <StatusLabel of="unhealthy" word={why?.message ?? t('deploy.noDocker')} />
        {why && <p className={c.note}>{why.hint}</p>}
      </>
    )
  }
  return (
    <StatusLabel
      of="ready"
      word={t('deploy.found', { version: engine.info.version, gpus: t('deploy.gpus', { count: report.gpus.length }) })}
    />
  )
}

/** Deploys the ready-made stacks. */
export function Deploy() {
  const { t } = useTranslation(['welcome', 'add'])
  const isAdmin = useIsAdmin()
  const [stackId, setStackId] = useState<StackId | null>(null)
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const deployed = services.filter(({ runtime }) => runtime === 'compose')
  return (
    <>
      <div>
        <Machine />
      </div>
      <ul className={c.sims}>
        {stackIds.map((id) => (
          <li key={id}>
            <KindIcon kind={stackKinds[id]} />
            <span className={c.simName}>
              <b>{t(`add:stack.${id}.title`)}</b>
              <span>{t(`add:stack.${id}.note`)}</span>
            </span>
            {isAdmin && (
              <Button
                variant="default"
                onClick={() => setStackId(id)}
                aria-label={t('deploy.buttonOf', { what: t(`add:stack.${id}.title`) })}
              >
                {t('deploy.button')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {deployed.length > 0 && <ServiceLines services={deployed} />}
      <p className={c.note}>{t('deploy.note')}</p>
      {stackId && (
        <Suspense>
          <AddServiceDialog way={{ way: 'stack', stackId }} onClose={() => setStackId(null)} />
        </Suspense>
      )}
    </>
  )
}
