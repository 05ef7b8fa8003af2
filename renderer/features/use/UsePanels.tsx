import { Trans, useTranslation } from 'react-i18next'
import type { AccountId, UsageDay, UsageNow } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { formatClock, formatDay, formatInteger, formatSpan } from '../../i18n/format'
import { DayBars, type DayBar } from '../../ui/DayBars'
import { Meter } from '../../ui/Meter'
import { Panel } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import c from './Use.module.css'
import { totalOf, useUse } from './useUse'

/** A figure against its limit in words: the used part stands out. */
export function Figure({ used, limit }: { used: string; limit: string | null }) {
  const { t } = useTranslation('keys')
  return (
    <Trans
      t={t}
      i18nKey={limit === null ? 'use.limits.none' : 'use.limits.of'}
      values={{ used, limit: limit ?? '' }}
      components={{ b: <b /> }}
    />
  )
}

const timeOf = (seconds: number) => formatSpan(seconds * 1000)

interface LineProps {
  label: string
  used: number
  limit: number | null
  /** Said below it while the limit keeps them from another job. */
  note: string | undefined
  words?: (value: number) => string
}

function Line({ label, used, limit, note, words = formatInteger }: LineProps) {
  return (
    <Meter label={label} used={used} limit={limit} note={note}>
      <Figure used={words(used)} limit={limit === null ? null : words(limit)} />
    </Meter>
  )
}

/** What was used today against what is allowed; a limit that is reached says when it opens. */
function Meters({ now }: { now: UsageNow | UsageNow['keys'][number] }) {
  const { t } = useTranslation('keys')
  const { limits, passed } = now
  const note = (limit: keyof typeof limits) => {
    if (passed?.limit !== limit) return undefined
    return passed.opensAt === null ? t('use.reachedNow') : t('use.reached', { time: formatClock(passed.opensAt) })
  }
  return (
    <div className={c.meters}>
      <Line
        label={t('use.limits.gpu')}
        used={now.gpuSecondsToday}
        limit={limits.gpuSecondsPerDay}
        note={note('gpuSecondsPerDay')}
        words={timeOf}
      />
      <Line label={t('use.limits.jobs')} used={now.jobsToday} limit={limits.jobsPerDay} note={note('jobsPerDay')} />
      <Line
        label={t('use.limits.atOnce')}
        used={now.openJobs}
        limit={limits.concurrentJobs}
        note={note('concurrentJobs')}
      />
    </div>
  )
}

/** What somebody used today against what they may, and each of their keys that has limits of its own. */
export function LimitMeters({ now }: { now: UsageNow }) {
  const { t } = useTranslation('keys')
  return (
    <>
      <Meters now={now} />
      {now.keys.map((key) => (
        <section key={key.id} className={c.ofKey}>
          <h3>{t('use.ofKey', { name: key.name })}</h3>
          <Meters now={key} />
        </section>
      ))}
    </>
  )
}

/** Every third day has its number below, the last one always. */
const labelEvery = 3

/** GPU time by day, a bar each. */
export function UseDays({ days, height }: { days: readonly UsageDay[]; height: number }) {
  const { t } = useTranslation('keys')
  const bars = days.map(({ day: name, gpuSeconds }, index): DayBar => {
    const at = Date.parse(`${name}T12:00`)
    const day = formatDay(at)
    const isLabelled = (days.length - 1 - index) % labelEvery === 0
    return {
      key: name,
      value: gpuSeconds,
      tip:
        gpuSeconds === null ? t('use.days.dayUnknown', { day }) : t('use.days.day', { day, time: timeOf(gpuSeconds) }),
      ...(isLabelled && { label: String(new Date(at).getDate()) }),
    }
  })
  const label = t('use.days.label', { count: days.length, total: timeOf(totalOf(days).gpuSeconds) })
  return <DayBars bars={bars} height={height} label={label} />
}

function Days({ days }: { days: readonly UsageDay[] }) {
  const { t } = useTranslation('keys')
  const { jobs, images } = totalOf(days)
  return (
    <>
      <UseDays days={days} height={68} />
      <p className={c.note}>
        {t('use.days.sum', {
          images: t('use.days.images', { count: images }),
          jobs: t('use.days.jobs', { count: jobs }),
        })}
      </p>
    </>
  )
}

/** What somebody used in the last days. */
export function UsePanel({ account }: { account: AccountId }) {
  const { t } = useTranslation('keys')
  const use = useUse(account, false)
  const days = use.data?.days
  return (
    <Panel
      title={t('use.days.title')}
      {...(days && {
        note: t('use.days.days', { count: days.length }),
        action: <span className={`num ${c.sum}`}>{timeOf(totalOf(days).gpuSeconds)}</span>,
      })}
    >
      <Loaded query={use} loading={<Loading rows={3} />}>
        {(now) => <Days days={now.days} />}
      </Loaded>
    </Panel>
  )
}
