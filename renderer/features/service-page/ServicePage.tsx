import { Button } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { isProblem } from '../../api/problem'
import { api } from '../../api/query'
import { Age } from '../../ui/Ago'
import { useNarrow } from '../../ui/narrow'
import { Page } from '../../ui/Page'
import { PageTabList, PageTabPanel, PageTabs } from '../../ui/PageTabs'
import { Empty, Loading } from '../../ui/States'
import { StatusPill } from '../../ui/Status'
import { useWaits } from '../services/sleep'
import { sinceOf, statusOf } from '../services/state'
import { hrefOf, navigate, useHashRoute } from '../../ui/route'
import { useServiceActions, type ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { FootActions, HeaderActions, ServiceMenu } from './HeaderActions'
import { OperationPanel } from './OperationPanel'
import { PendingBanner } from './PendingBanner'
import { tabsOf, type ServiceTab } from './tabs'
import c from './ServiceDetail.module.css'
import { ErrorState } from '../../api/Loaded'
import { RuntimeTag } from '../services/RuntimeTag'
import { UpdateTag } from '../updates/UpdateTag'

/** The address may come with a question, as from the command palette: it is asked once. */
function useAsked(id: string, actions: ServiceActions) {
  const isAdmin = useIsAdmin()
  const asked = useHashRoute().query.get('ask')
  const ask = useEffectEvent((what: string) => {
    navigate('services', id)
    if (what === 'recreate') actions.recreate()
    else if (what === 'rebuild') actions.rebuild()
    else if (what === 'stopProject') actions.stopProject()
    else if (what === 'down') actions.down()
    else if (what === 'edit' && isAdmin) actions.edit()
    else if (what === 'duplicate' && isAdmin) actions.duplicate()
  })
  useEffect(() => {
    if (asked !== null) ask(asked)
  }, [asked])
}

function Bar({ shown, current, id }: { shown: readonly ServiceTab[]; current: ServiceTab | undefined; id: string }) {
  const { t } = useTranslation('services')
  if (shown.length < 2) return null
  const tabs = shown.map((one) => ({ id: one.id, icon: one.icon, label: t(`tab.${one.id}`) }))
  return <PageTabList tabs={tabs} current={current?.id} label={t('tab.label', { id })} />
}

function Detail({ service, tab }: { service: Service; tab: string | undefined }) {
  const { t } = useTranslation(['common', 'services'])
  const actions = useServiceActions(service)
  const isNarrow = useNarrow()
  const { sleeps } = useWaits()(service)
  const { shown, current } = tabsOf(service, useIsAdmin(), tab)
  const { id } = service
  useAsked(id, actions)
  return (
    <PageTabs
      current={current?.id ?? null}
      onChange={(chosen) => navigate('services', id, chosen === null || chosen === shown[0]?.id ? undefined : chosen)}
    >
      <Page
        title={serviceName(service)}
        parent={{ label: t('nav.services'), href: hrefOf('services') }}
        pill={
          <StatusPill
            of={sleeps ? 'asleep' : statusOf(service)}
            {...(!isNarrow && { detail: <Age since={sinceOf(service)} /> })}
          />
        }
        lead={
          <>
            <RuntimeTag runtime={service.runtime} />
            <UpdateTag service={service} />
            {sleeps && service.idle.wake && <span className={c.wakes}>{t('services:state.wakes')}</span>}
          </>
        }
        actions={<HeaderActions service={service} actions={actions} />}
        narrow={{
          header: <ServiceMenu service={service} actions={actions} narrow />,
          lead: null,
          foot: <FootActions service={service} actions={actions} />,
        }}
        bar={<Bar shown={shown} current={current} id={id} />}
      >
        <div className={c.below}>
          <OperationPanel service={service} />
          <PendingBanner service={service} actions={actions} />
          {shown.map((one) => (
            <PageTabPanel key={one.id} id={one.id} {...(c.panel !== undefined && { className: c.panel })}>
              {one === current && (
                <Suspense fallback={<Loading rows={6} />}>
                  <one.component service={service} />
                </Suspense>
              )}
            </PageTabPanel>
          ))}
        </div>
        {actions.dialog}
      </Page>
    </PageTabs>
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

/** One service: its state and what can be done with it, and its parts as tabs. */
export default function ServicePage({ id, tab }: { id: string; tab: string | undefined }) {
  const { t } = useTranslation('common')
  const service = useQuery(api.services.get.queryOptions({ input: { id } }))
  if (service.data) return <Detail service={service.data} tab={tab} />
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
