import { Button, NumberInput, Switch } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, ServiceIdle, Sleeper } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatClock } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { showDone } from '../../ui/toast'
import { isManaged } from '../services/state'
import c from './Gateway.module.css'
import { Keepers } from './Keepers'
import { areSame, dayWords, emptyWeek, runsOf, weekOf, windowsOf, type Week } from './week'
import { dayName, WeekGrid } from './WeekGrid'

/** A week. */
const mostMinutes = 7 * 24 * 60

/** What a number field holds: nothing means never. */
type Field = number | string

interface Draft {
  unload: Field
  stop: Field
  wake: boolean
  week: Week
  start: boolean
}

const draftOf = ({ wake, unloadAfterMin, stopAfterMin, schedule }: ServiceIdle): Draft => ({
  ...{ unload: unloadAfterMin ?? '', stop: stopAfterMin ?? '', wake },
  ...{ week: schedule ? weekOf(schedule.windows) : emptyWeek, start: schedule?.start ?? false },
})

const minutesOf = (field: Field): number | null => (typeof field === 'number' && field >= 1 ? field : null)

/** What differs from how the service is kept. Hours that nobody painted anew keep their minutes. */
function changesOf(draft: Draft, idle: ServiceIdle): Partial<ServiceIdle> {
  const before = draftOf(idle)
  const isPainted = !areSame(draft.week, before.week)
  const windows = isPainted ? windowsOf(draft.week) : (idle.schedule?.windows ?? [])
  const schedule = windows.length === 0 ? null : { windows, start: draft.start }
  return {
    ...(draft.wake !== idle.wake && { wake: draft.wake }),
    ...(minutesOf(draft.unload) !== idle.unloadAfterMin && { unloadAfterMin: minutesOf(draft.unload) }),
    ...(minutesOf(draft.stop) !== idle.stopAfterMin && { stopAfterMin: minutesOf(draft.stop) }),
    ...((isPainted || (schedule !== null && draft.start !== before.start)) && { schedule }),
  }
}

/** When it is kept awake, in few words. */
function WeekWords({ week }: { week: Week }) {
  const { t } = useTranslation('gateway')
  const runs = runsOf(week)
  const hours = week.filter(Boolean).length
  if (hours === 0) return t('sleep.never24')
  if (hours === week.length) return t('sleep.always')
  const [only] = runs
  if (runs.length > 1 || !only) return t('sleep.hours', { count: hours })
  return t('sleep.run', {
    days: dayWords(only.days, (day) => dayName(day, 'short')),
    from: String(only.from),
    to: String(only.to),
  })
}

interface RulesProps {
  draft: Draft
  onChange: (part: Partial<Draft>) => void
  /** Whether Regie can stop and start it. */
  canStop: boolean
}

function Rules({ draft, onChange, canStop }: RulesProps) {
  const { t } = useTranslation('gateway')
  const field = {
    ...{ w: 128, hideControls: true, min: 1, max: mostMinutes, allowDecimal: false, allowNegative: false },
    ...{ suffix: t('sleep.minutes'), placeholder: t('sleep.never') },
  }
  return (
    <div className={c.rules}>
      <label htmlFor="unload-after">{t('sleep.unload')}</label>
      <NumberInput {...field} id="unload-after" value={draft.unload} onChange={(unload) => onChange({ unload })} />
      {canStop && (
        <>
          <label htmlFor="stop-after">{t('sleep.stop')}</label>
          <NumberInput {...field} id="stop-after" value={draft.stop} onChange={(stop) => onChange({ stop })} />
          <Switch
            className={c.wide}
            label={t('sleep.wake')}
            labelPosition="left"
            checked={draft.wake}
            onChange={(event) => onChange({ wake: event.currentTarget.checked })}
          />
        </>
      )}
    </div>
  )
}

/** What happens next by itself, and why what is due is not done. */
function NextStep({ sleeper }: { sleeper: Sleeper | undefined }) {
  const { t } = useTranslation('gateway')
  if (!sleeper?.next && !sleeper?.held) return null
  return (
    <p className={c.note} role="status">
      {sleeper.next && t(`sleep.next.${sleeper.next.step}`, { at: formatClock(sleeper.next.at) })}{' '}
      {sleeper.held && describeReason(sleeper.held).message}
    </p>
  )
}

interface SleepPanelProps {
  service: Service
  /** Which hour of the week it is. */
  now: number
  sleeper: Sleeper | undefined
  /** WebSockets that are open through the gateway. */
  sockets: number
  /** What can be done at once. */
  children: ReactNode
}

/** When a service sleeps and wakes. Key it by the service's revision. */
export function SleepPanel({ service, now, sleeper, sockets, children }: SleepPanelProps) {
  const { t } = useTranslation('gateway')
  const { id, idle } = service
  const [draft, setDraft] = useState(() => draftOf(idle))
  const save = useMutation(
    api.services.update.mutationOptions({
      onSuccess: () => showDone(t('sleep.saved', { id: serviceName(service) })),
      meta: { quiet: true },
    }),
  )
  const changes = changesOf(draft, idle)
  const isChanged = Object.keys(changes).length > 0
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const send = () => save.mutate({ id, idle: changes })
  const canStop = isManaged(service)
  return (
    <Panel
      title={t('sleep.title')}
      {...(isChanged && {
        action: (
          <Button size="compact-xs" variant="light" loading={save.isPending} onClick={send}>
            {t('sleep.save')}
          </Button>
        ),
      })}
    >
      <Rules draft={draft} onChange={change} canStop={canStop} />
      {canStop && (
        <div className={c.week}>
          <div className={c.weekHead}>
            <span>{t('sleep.awake')}</span>
            <span role="status">
              <WeekWords week={draft.week} />
            </span>
          </div>
          <WeekGrid week={draft.week} onChange={(week) => change({ week })} label={t('week.label')} now={now} />
          {draft.week.some(Boolean) && (
            <Switch
              label={t('sleep.start')}
              checked={draft.start}
              onChange={(event) => change({ start: event.currentTarget.checked })}
            />
          )}
        </div>
      )}
      <p className={c.note}>{t(canStop ? 'sleep.note' : 'sleep.external')}</p>
      <Keepers idle={idle} sleeper={sleeper} sockets={sockets} />
      <NextStep sleeper={sleeper} />
      <div className={c.buttons}>{children}</div>
      <Failure error={save.error} />
    </Panel>
  )
}
