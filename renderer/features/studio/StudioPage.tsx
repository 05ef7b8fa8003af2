import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconAdjustmentsHorizontal, IconArrowsExchange, IconPlus } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { useIsAdmin } from '../../api/useSession'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { showDone } from '../../ui/toast'
import { compareHref, hrefOf, useHashRoute } from '../../ui/route'
import { lazyPart } from '../../ui/parts'
import { servicesToRun } from './form'
import { modeOf, useModeSwitch } from './ModeSwitch'
import { NotifyButton } from './NotifyButton'
import { PresetsButton } from './PresetsButton'
import { PromptHistory } from './PromptHistory'
import { ResultCard } from './ResultCard'
import { SessionStrip } from './SessionStrip'
import { changeForm, takeHandover, useStudio } from './store'
import c from './Studio.module.css'
import { StudioFormPane } from './StudioFormPane'
import { Loaded } from '../../api/Loaded'

const EditMode = lazyPart(() => import('./edit/EditMode'))
const WorkflowMode = lazyPart(() => import('./workflow/WorkflowMode'))

const isReady = ({ health }: Service) => health.state === 'ready'

/** Where images are made, in the mode that the address names. */
export default function StudioPage() {
  const mode = modeOf(useHashRoute().query)
  useArrival()
  switch (mode) {
    case 'text':
      return <TextMode />
    case 'edit':
      return <EditMode />
    case 'workflow':
      return <WorkflowMode />
  }
}

/** One prompt on one or several services, side by side. */
function TextMode() {
  const { t } = useTranslation(['studio', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  const { form } = useStudio()
  const isAdmin = useIsAdmin()
  const running = servicesToRun(
    form,
    (services.data ?? []).filter(isReady).map(({ id }) => id),
  )
  const [only] = running
  const lead =
    only === undefined
      ? t('lead.none')
      : running.length === 1
        ? t('lead.one', { service: only })
        : t('lead.many', { count: running.length })
  return (
    <Page
      title={t('title')}
      {...useModeSwitch('text')}
      lead={services.data && services.data.length > 0 ? lead : undefined}
      actions={<Tools running={running} />}
      narrow={{ header: <NarrowTools running={running} /> }}
    >
      <Loaded query={services} loading={<Loading rows={8} height={32} />}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              icon={IconAdjustmentsHorizontal}
              title={t('empty.title')}
              action={
                isAdmin && (
                  <Button component="a" href={hrefOf('services')} leftSection={<IconPlus size={16} />}>
                    {t('common:action.addService')}
                  </Button>
                )
              }
            >
              {t('empty.text')}
            </Empty>
          ) : (
            <div className={c.split}>
              <StudioFormPane services={list} running={running} />
              <Results services={list} running={running} />
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

/** The two that stand first are compared. */
function useCompareHref(running: readonly string[]): string {
  const { shown } = useStudio()
  const [a = '', b = ''] = running.flatMap((id) => shown[id] ?? [])
  return compareHref(a, b)
}

function Tools({ running }: { running: readonly string[] }) {
  const { t } = useTranslation('studio')
  return (
    <>
      <NotifyButton />
      <PresetsButton />
      <Button
        component="a"
        variant="default"
        href={useCompareHref(running)}
        leftSection={<IconArrowsExchange size={16} stroke={1.6} />}
      >
        {t('compare')}
      </Button>
    </>
  )
}

function NarrowTools({ running }: { running: readonly string[] }) {
  const { t } = useTranslation('studio')
  return (
    <>
      <NotifyButton />
      <PresetsButton isIcon />
      <ActionIcon
        component="a"
        variant="subtle"
        color="gray"
        size={40}
        href={useCompareHref(running)}
        aria-label={t('compare')}
      >
        <IconArrowsExchange size={20} stroke={1.6} />
      </ActionIcon>
    </>
  )
}

/** Takes what the gallery handed over, or the service that the address names, whenever the address leads here. */
function useArrival(): void {
  const { t } = useTranslation('studio')
  const { query } = useHashRoute()
  const [mode, service] = [query.get('mode'), query.get('service')]
  useEffect(() => {
    if (takeHandover() === 'parameters') showDone(t('handedOver'))
    if (service !== null) changeForm({ services: [service] })
  }, [t, mode, service])
}

function Results({ services, running }: { services: Service[]; running: string[] }) {
  const { t } = useTranslation('studio')
  const { form, shown, failures } = useStudio()
  const isChosen = (id: string) => form.services?.includes(id) ?? true
  const cards = services.filter(
    ({ id }) => running.includes(id) || (isChosen(id) && (shown[id] !== undefined || failures[id] !== undefined)),
  )
  return (
    <div className={c.results}>
      {cards.length === 0 ? (
        <Empty icon={IconAdjustmentsHorizontal} title={t('noneReady.title')}>
          {t(services.some(isReady) ? 'noneReady.choose' : 'noneReady.text')}
        </Empty>
      ) : (
        <div className={c.two} data-count={cards.length}>
          {cards.map((service) => (
            <ResultCard key={service.id} service={service} />
          ))}
        </div>
      )}
      <SessionStrip />
      <PromptHistory />
    </div>
  )
}
