import { Anchor, Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { Family, Generation, Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { kinds } from '../../../shared/kinds'
import { api } from '../../api/query'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { describeReason } from '../../i18n'
import { toggleService } from './form'
import { shortModel } from '../gallery/short-model'
import { measured } from './measured'
import { ModelFigures } from './ModelFigures'
import { setForm, useStudio } from './store'
import c from './Studio.module.css'
import { useIsAdmin } from '../../api/useSession'
import { sortForStudio } from '../services/list/for-studio'
import { statusOf } from '../services/state'
import { useMayStart } from '../services/useMayStart'

/** The model that each service would run; null where none is known. */
type Models = ReadonlyMap<string, Family | null>

/**
 * Which services to run on, those that are ready first, with what their models take; the others are folded, and say why
 * and how to get them there.
 */
export function ServiceChoice({ services, models }: { services: Service[]; models: Models }) {
  const { t } = useTranslation('studio')
  const { ready, others } = sortForStudio(services)
  // Where nothing is ready, how to get there is what one wants to see.
  const [isOpen, setOpen] = useState(false)
  const isShown = isOpen || ready.length === 0
  const all = services.map(({ id }) => id)
  return (
    <fieldset className={c.group}>
      <legend className={c.legend}>
        {t('form.runOn')}
        {others.length > 0 && <span>{t('form.ready', { count: ready.length, of: services.length })}</span>}
      </legend>
      {ready.map((service) => (
        <Choice key={service.id} service={service} all={all} model={models.get(service.id) ?? null} />
      ))}
      {others.length > 0 && ready.length > 0 && (
        <button type="button" className={c.more} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          {t('form.notReady', { count: others.length })}
        </button>
      )}
      {isShown && others.map((service) => <Choice key={service.id} service={service} all={all} model={null} />)}
    </fieldset>
  )
}

interface ChoiceProps {
  service: Service
  all: string[]
  /** What would run; null where that is not known, or it is not chosen. */
  model: Family | null
}

function Choice({ service, all, model }: ChoiceProps) {
  const { t } = useTranslation(['studio', 'common'])
  const { form } = useStudio()
  const id = useId()
  const isReady = service.health.state === 'ready'
  const isChosen = form.services?.includes(service.id) ?? true
  const recent = useRecent()
  const isBusy = isBusyNow(service, recent)
  const kind = `${kinds[service.kind].name}${service.runtime === 'simulator' ? `, ${t('common:runtime.simulator').toLowerCase()}` : ''}`
  return (
    <div className={c.service} data-chosen={(isReady && isChosen) || undefined}>
      <label htmlFor={id} className={c.serviceHead}>
        <Checkbox
          id={id}
          checked={isChosen && isReady}
          disabled={!isReady}
          onChange={() => setForm(toggleService(form, service.id, all))}
          aria-label={serviceName(service)}
        />
        <span className={c.serviceText}>
          <b>{serviceName(service)}</b>
          <small title={service.model ?? undefined}>
            {model?.title ?? (service.model === null ? kind : shortModel(service.model))}
          </small>
        </span>
        {isBusy ? <StatusLabel of="running" word={t('service.busy')} /> : <StatusLabel of={statusOf(service)} />}
      </label>
      {isReady && isChosen && model && (
        <div className={c.serviceNote}>
          <ModelFigures family={model} measuredMs={measured(recent, { serviceId: service.id, family: model })} />
        </div>
      )}
      {isReady && isChosen && <NoPreviews id={service.id} />}
      {!isReady && <WayToReady service={service} />}
    </div>
  )
}

const useRecent = (): Generation[] =>
  useQuery(api.generations.list.queryOptions({ input: { limit: 50 } })).data?.items ?? []

/** Whether a job runs there: one of Regie's, or, as of the last probe after those, somebody else's. */
function isBusyNow({ id, queue, health }: Service, recent: readonly Generation[]): boolean {
  const own = recent.filter((one) => one.serviceId === id)
  if (own.some(({ state }) => state === 'running')) return true
  const lastEnd = Math.max(0, ...own.map(({ finishedAt }) => finishedAt ?? 0))
  return health.state === 'ready' && (queue?.running ?? 0) > 0 && (health.checkedAt ?? 0) > lastEnd
}

/** Says beforehand that no picture comes while this service samples. Silent while that is not known. */
function NoPreviews({ id }: { id: string }) {
  const { t } = useTranslation('studio')
  const { data } = useQuery(api.services.capabilities.queryOptions({ input: { id }, staleTime: 30_000 }))
  if (data?.previews !== false) return null
  return (
    <p className={c.serviceNote}>
      <Trans t={t} i18nKey="service.noPreviews" components={{ code: <code /> }} />
    </p>
  )
}

/** The services that are not ready, with what stands in the way, for a mode where none of the others would do. */
export const WaysToReady = ({ services }: { services: readonly Service[] }) => (
  <div className={c.group}>
    {sortForStudio(services).others.map((service) => (
      <div key={service.id} className={c.service}>
        <div className={c.waiting}>
          <b>{serviceName(service)}</b>
          <StatusLabel of={statusOf(service)} />
        </div>
        <WayToReady service={service} />
      </div>
    ))}
  </div>
)

function WayToReady({ service }: { service: Service }) {
  const { t } = useTranslation('studio')
  const start = useMutation(api.services.start.mutationOptions())
  const { reason, hint = '', problem, params = {} } = service.health
  const why = reason === undefined ? null : describeReason({ problem: problem ?? '', params, message: reason, hint })
  const mayStart = useMayStart()(service)
  const isAdmin = useIsAdmin()
  return (
    <div className={c.notReady}>
      <p>{why && !service.operation ? why.message : null}</p>
      {mayStart ? (
        <Button
          variant="light"
          className={c.small}
          loading={start.isPending}
          onClick={() => start.mutate({ id: service.id })}
          aria-label={t('service.startLabel', { id: service.id })}
        >
          {t('service.start')}
        </Button>
      ) : (
        isAdmin && (
          <Anchor href={hrefOf('services', service.id)} fz="xs" aria-label={t('service.openLabel', { id: service.id })}>
            {t('service.open')}
          </Anchor>
        )
      )}
    </div>
  )
}
