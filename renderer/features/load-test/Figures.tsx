import { useTranslation } from 'react-i18next'
import type { LoadTest, LoadTestQuantile } from '../../../shared/contract'
import { formatDay, formatGiBNumber, formatInteger, formatTenths } from '../../i18n/format'
import { formatInto } from './view'
import c from './LoadTest.module.css'

const seconds = (ms: number) => formatTenths(ms / 1000)

interface FigureProps {
  label: string
  value: string | null
  unit?: string | undefined
  note: string
  lead?: boolean
  isBad?: boolean
}

function Figure({ label, value, unit, note, lead, isBad }: FigureProps) {
  return (
    <div data-lead={lead} data-bad={isBad}>
      <dt>{label}</dt>
      <dd className="num">
        {value ?? '–'}
        {value !== null && unit !== undefined && <small> {unit}</small>}
      </dd>
      <dd className={c.note}>{note}</dd>
    </div>
  )
}

/** The figures of a test, beside those of another one where both are compared. */
export function Figures({ test, against }: { test: LoadTest; against: LoadTest | null }) {
  const { t } = useTranslation('load')
  const { done, errors, elapsedMs, perMinute, p50, p95, p99, vramMiB, vramTotalMiB } = test.figures
  const beside = (value: string | null, otherwise: string) =>
    against ? t('figure.against', { value: value ?? '–', day: formatDay(against.startedAt) }) : otherwise
  const quantile = (label: string, of: LoadTestQuantile | null, other: LoadTestQuantile | null, note: string) => (
    <Figure
      label={label}
      value={of && seconds(of.ms)}
      unit={t('figure.second')}
      note={beside(other && seconds(other.ms), note)}
    />
  )
  const ratio = (of: LoadTestQuantile | null) =>
    of && p50 && p50.ms > 0 ? t('figure.times', { ratio: formatTenths(of.ms / p50.ms) }) : ' '
  const before = against?.figures ?? null
  const ended = done + errors
  const percent = ended === 0 ? ' ' : t('figure.percent', { percent: formatTenths((100 * errors) / ended) })
  const spare = vramMiB !== null && vramTotalMiB !== null ? vramTotalMiB - vramMiB : null
  return (
    <dl className={c.figures}>
      <Figure
        label={t('figure.throughput')}
        value={perMinute === null ? null : formatTenths(perMinute)}
        unit={t('figure.perMinute')}
        note={beside(
          before && before.perMinute !== null ? formatTenths(before.perMinute) : null,
          t('figure.imagesIn', { count: done, time: formatInto(elapsedMs, elapsedMs) }),
        )}
        lead
      />
      {quantile('p50', p50, before?.p50 ?? null, t('figure.ofImages', { count: done }))}
      {quantile('p95', p95, before?.p95 ?? null, ratio(p95))}
      {quantile('p99', p99, before?.p99 ?? null, ratio(p99))}
      <Figure
        label={t('figure.errors')}
        value={formatInteger(errors)}
        unit={t('figure.of', { count: ended })}
        note={beside(before && formatInteger(before.errors), percent)}
        isBad={errors > 0}
      />
      <Figure
        label={t('figure.vram')}
        value={vramMiB === null ? null : formatGiBNumber(vramMiB)}
        unit={vramTotalMiB === null ? t('figure.gib') : t('figure.ofVram', { total: formatGiBNumber(vramTotalMiB) })}
        note={beside(
          before && before.vramMiB !== null ? formatGiBNumber(before.vramMiB) : null,
          vramMiB === null
            ? t('figure.unseen')
            : spare === null
              ? ' '
              : t('figure.spare', { free: formatGiBNumber(Math.max(0, spare)) }),
        )}
      />
    </dl>
  )
}
