import { ActionIcon, SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageAnswer, UsageBy } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { Page } from '../../ui/Page'
import { Panel, PanelAction } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { DayChart } from './DayChart'
import { ExportButton } from './ExportButton'
import { Figures } from './Figures'
import { Legend, partsOfAll } from './Legend'
import {
  bys,
  daysOf,
  isUnused,
  keyOf,
  measures,
  monthAfter,
  others,
  rangesOf,
  seriesOf,
  shades,
  sortedBy,
  type Measure,
} from './model'
import { PeopleTabs } from './PeopleTabs'
import { UsageTable } from './UsageTable'
import { useRowName } from './useRowName'
import { dayName, daysName, monthName, monthOnly } from './words'
import c from './Usage.module.css'

/** Figures of a moment ago are good enough while one looks at them. */
const fresh = { staleTime: 15_000, placeholderData: keepPreviousData }

interface Shown {
  month: string
  by: UsageBy
  measure: Measure
}

/** A month back or on, and what is looked at. */
function Tools({ shown, today, onChange }: { shown: Shown; today: string; onChange: (shown: Shown) => void }) {
  const { t } = useTranslation('usage')
  const { month, by, measure } = shown
  const go = (count: number) => onChange({ ...shown, month: monthAfter(month, count) })
  return (
    <div className={c.tools}>
      <span className={c.months}>
        <ActionIcon variant="default" size={32} aria-label={t('monthBefore')} onClick={() => go(-1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <b aria-live="polite">{monthName(month)}</b>
        <ActionIcon
          variant="default"
          size={32}
          aria-label={t('monthAfter')}
          onClick={() => go(1)}
          disabled={month >= today.slice(0, 7)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </span>
      <SegmentedControl<UsageBy>
        data={bys.map((value) => ({ value, label: t(`by.${value}`) }))}
        value={by}
        onChange={(next) => onChange({ ...shown, by: next })}
        aria-label={t('byLabel')}
      />
      <SegmentedControl<Measure>
        data={measures.map((value) => ({ value, label: t(`measure.${value}`) }))}
        value={measure}
        onChange={(next) => onChange({ ...shown, measure: next })}
        aria-label={t('measureLabel')}
      />
    </div>
  )
}

interface MonthProps {
  answer: UsageAnswer
  before: UsageAnswer | undefined
  shown: Shown
}

/** Figures, days, and the rows that are their legend. */
function Month({ answer, before, shown: { month, by, measure } }: MonthProps) {
  const { t } = useTranslation('usage')
  const nameOf = useRowName()
  const [highlighted, setHighlighted] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const day = chosen?.startsWith(month) === true ? chosen : null
  const ofDay = useQuery({
    ...api.usage.read.queryOptions({ input: { by, from: day ?? answer.to, to: day ?? answer.to } }),
    ...{ ...fresh, enabled: day !== null },
  }).data
  const sorted = sortedBy(answer.rows, measure)
  const series = seriesOf(sorted, answer.days, measure)
  const shadeOf = (key: string) => series.find((one) => one.key === key)?.shade ?? shades
  const told = day !== null && ofDay?.from === day ? ofDay : answer
  const parts = partsOfAll(told, t('others'))
  const names = new Map(answer.rows.map((row) => [keyOf(row), nameOf(row)]))
  const lit = highlighted !== null && shadeOf(highlighted) === shades ? others : highlighted
  return (
    <>
      <Panel flush>
        <Figures answer={answer} before={before} />
        <DayChart
          {...{ series, measure, chosen: day, onChoose: setChosen }}
          days={daysOf(month)}
          today={answer.today}
          nameOf={(key) => names.get(key) ?? t('others')}
          shown={lit}
        />
      </Panel>
      <Panel
        title={t(`by.${by}`)}
        note={day === null ? daysName(answer) : dayName(day)}
        action={
          day === null ? (
            <Legend parts={parts} />
          ) : (
            <PanelAction onClick={() => setChosen(null)}>
              <IconX size={13} aria-hidden /> {t('allDays')}
            </PanelAction>
          )
        }
        flush
      >
        {isUnused(told) ? (
          <p className={c.none}>{t('noJobs', { when: day === null ? monthName(month) : dayName(day) })}</p>
        ) : (
          <UsageTable
            {...{ by, shadeOf }}
            rows={sortedBy(told.rows, measure)}
            parts={parts.map(({ id }) => id)}
            before={day === null ? before : undefined}
            beforeName={monthOnly(monthAfter(month, -1))}
            onShow={setHighlighted}
          />
        )}
      </Panel>
    </>
  )
}

/** The panel's own day, once it has told one: that of its machine, not of the browser's. */
const browsersDay = () => new Intl.DateTimeFormat('en-CA').format(Date.now())

/** Who used how much of which service in a month. */
export default function UsagePage() {
  const { t } = useTranslation('usage')
  const [wanted, setWanted] = useState<Partial<Shown>>({})
  const now = useQuery({ ...api.usage.mine.queryOptions(), staleTime: 60_000 }).data
  const today = now?.today ?? browsersDay()
  const shown: Shown = { month: today.slice(0, 7), by: 'user', measure: 'gpuSeconds', ...wanted }
  const { shown: range, before } = rangesOf(shown.month, today)
  const month = useQuery({
    ...api.usage.read.queryOptions({ input: { by: shown.by, ...range } }),
    ...fresh,
    refetchInterval: 30_000,
  })
  const earlier = useQuery({ ...api.usage.read.queryOptions({ input: { by: shown.by, ...before } }), ...fresh }).data
  const exporting = <ExportButton month={shown.month} range={range} rows={month.data?.rows.length ?? 0} />
  return (
    <Page
      title={t('title')}
      lead={t('lead', { month: monthName(shown.month) })}
      actions={exporting}
      narrow={{ foot: exporting, lead: null }}
      bar={<PeopleTabs current="usage" />}
    >
      <div className={c.page}>
        <Tools shown={shown} today={today} onChange={setWanted} />
        <Loaded query={month} loading={<Loading rows={8} height={40} />}>
          {(answer) => (
            <Month
              answer={answer}
              before={earlier?.from === before.from && earlier.to === before.to ? earlier : undefined}
              shown={shown}
            />
          )}
        </Loaded>
      </div>
    </Page>
  )
}
