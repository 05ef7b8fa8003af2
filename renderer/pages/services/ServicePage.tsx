import { Button, Menu } from '@mantine/core'
import {
  IconDots,
  IconExternalLink,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconSparkles,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { isProblem } from '../../api/problem'
import { api } from '../../api/query'
import { Age, Ago } from '../../components/Ago'
import { LadderEvidence } from '../../components/Ladder'
import { LogView } from '../../components/log/LogView'
import { Page } from '../../components/Page'
import { Panel, PanelAction } from '../../components/Panel'
import { isManaged, isUp } from '../../components/service/state'
import { Empty, ErrorState, Loading } from '../../components/States'
import { RuntimeTag, statusOf, StatusPill } from '../../components/Status'
import { hrefOf, studioHref } from '../../hooks/useHashRoute'
import { useServiceActions, type ServiceActions } from '../../hooks/useServiceActions'
import { useIsAdmin } from '../../hooks/useSession'
import { Blocked } from './Blocked'
import { CredentialPanel } from './CredentialPanel'
import { LastGenerations } from './LastGenerations'
import { MemoryPanel } from './MemoryPanel'
import { ServiceFacts } from './ServiceFacts'
import c from './ServiceDetail.module.css'

/** Start, stop and restart; while an operation is under way, only what can be done about it. */
function LifeButtons({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation('services')
  const { id, operation } = service
  if (!isManaged(service)) return null
  if (!isUp(service) && operation === null) {
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={16} stroke={1.6} />}
        onClick={actions.start}
        aria-label={t('do.startOf', { id })}
      >
        {t('do.start')}
      </Button>
    )
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} stroke={1.6} />}
        onClick={actions.stop}
        disabled={operation === 'stop'}
        aria-label={operation === 'start' ? t('do.cancelStartOf', { id }) : t('do.stopOf', { id })}
      >
        {operation === 'start' ? t('do.cancelStart') : t('do.stop')}
      </Button>
      {operation !== 'start' && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} stroke={1.6} />}
          onClick={actions.restart}
          className={c.narrowIcon}
          disabled={operation !== null}
          aria-label={t('do.restartOf', { id })}
        >
          <span className={c.wideWord}>{t('do.restart')}</span>
        </Button>
      )}
    </>
  )
}

function HeaderActions({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['services', 'common'])
  const isAdmin = useIsAdmin()
  const { id, kind, health } = service
  const isReady = health.state === 'ready'
  return (
    <>
      <LifeButtons service={service} actions={actions} />
      {isUp(service) && (
        <Button
          variant="default"
          component="a"
          href={service.url}
          target="_blank"
          rel="noreferrer"
          title={t('do.openOwn')}
          className={c.narrowIcon}
          aria-label={t('do.open', { program: t(`common:kind.${kind}`) })}
          leftSection={<IconExternalLink size={16} stroke={1.6} />}
        >
          <span className={c.wideWord}>{t('do.open', { program: t(`common:kind.${kind}`) })}</span>
        </Button>
      )}
      {isAdmin && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" aria-label={t('do.moreOf', { id })} px={8}>
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTrash size={15} stroke={1.6} />} onClick={actions.remove}>
              {t('do.remove', { id })}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {isReady ? (
        <Button component="a" href={studioHref(id)} leftSection={<IconSparkles size={16} />}>
          {t('common:action.newGeneration')}
        </Button>
      ) : (
        <Button disabled title={t('do.notReady')} leftSection={<IconSparkles size={16} />}>
          {t('common:action.newGeneration')}
        </Button>
      )}
    </>
  )
}

function Detail({ service }: { service: Service }) {
  const { t } = useTranslation(['services', 'common'])
  const actions = useServiceActions(service)
  const { health } = service
  return (
    <Page
      title={service.id}
      parent={{ label: t('common:nav.services'), href: hrefOf('services') }}
      lead={
        <>
          <StatusPill of={statusOf(service)} detail={<Age since={health.since} />} />
          <RuntimeTag runtime={service.runtime} />
        </>
      }
      actions={<HeaderActions service={service} actions={actions} />}
    >
      <div className={c.grid}>
        <div className={c.left}>
          <Blocked service={service} actions={actions} />
          <Panel
            title={t('ladder.title')}
            note={
              health.checkedAt === null ? (
                t('ladder.note')
              ) : (
                <>
                  {t('ladder.checked')} <Ago at={health.checkedAt} />
                </>
              )
            }
            action={
              <PanelAction
                onClick={actions.probe}
                loading={actions.isProbing}
                label={t('do.probeOf', { id: service.id })}
              >
                {t('do.probe')}
              </PanelAction>
            }
            className={c.noShrink}
          >
            <LadderEvidence rungs={health.rungs} />
          </Panel>
          <LogView serviceId={service.id} className={c.logs} />
        </div>
        <div className={c.right}>
          <ServiceFacts service={service} />
          <CredentialPanel credentialId={service.credentialId} />
          <MemoryPanel service={service} actions={actions} />
          <LastGenerations serviceId={service.id} />
        </div>
      </div>
      {actions.dialog}
    </Page>
  )
}

function Missing({ id }: { id: string }) {
  const { t } = useTranslation('services')
  return (
    <Empty
      icon={IconStack2}
      title={t('missing.title', { id })}
      action={
        <Button variant="default" component="a" href={hrefOf('services')}>
          {t('missing.action')}
        </Button>
      }
    >
      {t('missing.text')}
    </Empty>
  )
}

/** One service: how far it has come, what it writes, what opens it, what it made. */
export default function ServicePage({ id }: { id: string }) {
  const { t } = useTranslation('common')
  const service = useQuery(api.services.get.queryOptions({ input: { id } }))
  if (service.data) return <Detail service={service.data} />
  const isMissing =
    isProblem(service.error) && (service.error.code === 'NOT_FOUND' || service.error.code === 'BAD_REQUEST')
  return (
    <Page title={id} parent={{ label: t('nav.services'), href: hrefOf('services') }}>
      {isMissing ? (
        <Missing id={id} />
      ) : service.error ? (
        <ErrorState error={service.error} onRetry={() => void service.refetch()} />
      ) : (
        <Loading rows={8} />
      )}
    </Page>
  )
}
