import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { GpuHistory } from '../../../../shared/contract'
import { formatDay, formatInteger, formatMiB, formatSpan, formatTenths } from '../../../i18n/format'
import { Panel } from '../../../ui/Panel'
import { FigureRow } from '../Figures'
import { jobsOf, readingAt, silenceOf, someOf, workedMs } from './view'
import { whenOf } from './when'
import c from './Figures.module.css'

/** So many rows the table has at most: the file has them all. */
const mostRows = 60

/** What the whole stretch comes to. */
export function Totals({ history }: { history: GpuHistory }) {
  const { t } = useTranslation(['cardHistory', 'gpus'])
  const { totals, from, to } = history
  const silence = silenceOf(history)
  const unknown = t('gpus:unknown')
  return (
    <FigureRow
      figures={[
        {
          label: t('figure.worked'),
          value: formatSpan(workedMs(history)),
          rest: t('figure.workedOf', { span: formatSpan(to - from) }),
        },
        { label: t('figure.jobs'), value: formatInteger(jobsOf(history)) },
        {
          label: t('figure.energy'),
          value: totals.energyWh === null ? unknown : t('kwh', { n: formatTenths(totals.energyWh / 1000) }),
        },
        {
          label: t('figure.hottest'),
          value: totals.hottest ? `${formatInteger(totals.hottest.celsius)} °C` : unknown,
          rest: totals.hottest && formatDay(totals.hottest.at),
        },
        { label: t('figure.slowed'), value: formatSpan(totals.slowedMs) },
        { label: t('figure.silent'), value: formatSpan(silence.ms), rest: silence.why && t(`gap.${silence.why}`) },
      ]}
    />
  )
}

const cell = (value: number | null): ReactNode => (value === null ? '–' : formatInteger(value))

/** The same figures for those who do not look at charts. */
export function FiguresTable({ history }: { history: GpuHistory }) {
  const { t } = useTranslation(['cardHistory', 'gpus'])
  const rows = someOf(history.times.length, mostRows).map((point) => readingAt(history, point))
  return (
    <Panel title={t('table')} flush>
      <div className={c.table} tabIndex={0} role="group" aria-label={t('table')}>
        <table>
          <thead>
            <tr>
              <th>{t('time')}</th>
              <th>{t('gpus:load')} (%)</th>
              <th>{t('gpus:memory')}</th>
              <th>{t('gpus:temperature')} (°C)</th>
              <th>{t('gpus:power')} (W)</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.at}>
                <td>{whenOf(row.at, history.stepMs)}</td>
                {row.gap ? (
                  <td colSpan={4}>{t(`gap.${row.gap.why}`)}</td>
                ) : (
                  [
                    cell(row.load),
                    row.memoryMiB === null ? '–' : formatMiB(row.memoryMiB),
                    cell(row.temperatureC),
                    cell(row.powerW),
                  ].map((value, column) => (
                    <td key={column} className="num">
                      {value}
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
