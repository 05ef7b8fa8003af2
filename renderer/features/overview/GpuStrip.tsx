import { useTranslation } from 'react-i18next'
import { cardName, cardWarmC } from '../../../shared/cards'
import type { Gpu } from '../../../shared/contract'
import { useIsAdmin } from '../../api/useSession'
import { useServiceName } from '../../api/useServiceName'
import { describeReason } from '../../i18n'
import { formatGiBNumber, formatInteger, formatMiB } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { Loading } from '../../ui/States'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { AttributionBar, Legend } from '../gpus/Gpu'
import { GpuWarning, reportWarning } from '../gpus/GpuWarning'
import { attribute } from '../gpus/shares'
import { useGpus } from '../gpus/useGpus'
import c from './GpuStrip.module.css'

/** A card and how much of it is free: the large figure. */
function Top({ gpu, withTotal }: { gpu: Gpu; withTotal: boolean }) {
  const { t } = useTranslation('overview')
  const { freeMiB } = attribute(gpu)
  return (
    <div className={c.top}>
      <h3 title={gpu.name}>{cardName(gpu.name)}</h3>
      <span className={c.index}>{t('gpus.index', { index: gpu.index })}</span>
      <span className={c.free}>
        {freeMiB === null ? (
          t('gpus.unknown')
        ) : (
          <>
            <b>{formatGiBNumber(freeMiB)}</b>{' '}
            {withTotal && gpu.memoryTotalMiB !== null
              ? t('gpus.ofFree', { total: formatMiB(gpu.memoryTotalMiB) })
              : `${t('gpus.gib')} ${t('gpus.free')}`}
          </>
        )}
      </span>
    </div>
  )
}

const isHot = ({ temperatureC }: Gpu) => temperatureC !== null && temperatureC >= cardWarmC

function Temperature({ gpu }: { gpu: Gpu }) {
  const { t } = useTranslation(['overview', 'common'])
  return (
    <span className={c.temp} data-hot={isHot(gpu) || undefined}>
      {isHot(gpu) && (
        <>
          <StatusIcon of="hot" size={13} />
          <span className="visually-hidden">{t('common:status.hot')}</span>
        </>
      )}
      {gpu.temperatureC !== null && t('gpus.celsius', { n: formatInteger(gpu.temperatureC) })}
    </span>
  )
}

/** The services that hold memory of a card, by name. */
function useHolders(): (gpu: Gpu) => string {
  const nameOf = useServiceName()
  return (gpu) =>
    attribute(gpu)
      .shares.flatMap(({ serviceId }) => (serviceId === null ? [] : [nameOf(serviceId)]))
      .join(', ')
}

function Cell({ gpu, holders }: { gpu: Gpu; holders: string }) {
  const { t } = useTranslation('overview')
  const { memoryUsedMiB: used, memoryTotalMiB: total, utilizationPct: load } = gpu
  return (
    <li className={c.cell}>
      <Top gpu={gpu} withTotal={false} />
      <div className={c.bar}>
        <AttributionBar gpu={gpu} height={6} />
      </div>
      <div className={c.foot}>
        <span className={c.who} title={holders}>
          {holders === '' ? t('gpus.nothing') : holders}
        </span>
        <span className={c.load}>{load !== null && `${formatInteger(load)} %`}</span>
        <Temperature gpu={gpu} />
      </div>
      {used !== null && total !== null && (
        <span className="visually-hidden">{t('gpus.used', { used: formatMiB(used), total: formatMiB(total) })}</span>
      )}
      {gpu.warning && <GpuWarning warning={gpu.warning} />}
    </li>
  )
}

function Figure({ label, value, unit, isHot: hot }: { label: string; value: string; unit: string; isHot?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-hot={hot || undefined}>
        <b>{value}</b> {unit}
      </dd>
    </div>
  )
}

const whole = (value: number | null, unknown: string) => (value === null ? unknown : formatInteger(value))

/** One card standing in a column: the same facts with room for who holds what. */
function ColumnCell({ gpu }: { gpu: Gpu }) {
  const { t } = useTranslation('gpus')
  const { powerLimitW: cap } = gpu
  return (
    <li className={c.cell}>
      <Top gpu={gpu} withTotal />
      <div className={c.bar}>
        <AttributionBar gpu={gpu} height={8} />
      </div>
      <Legend gpu={gpu} />
      <dl className={c.figures}>
        <Figure label={t('load')} value={whole(gpu.utilizationPct, '–')} unit="%" />
        <Figure label={t('temperature')} value={whole(gpu.temperatureC, '–')} unit="°C" isHot={isHot(gpu)} />
        <Figure
          label={t('power')}
          value={whole(gpu.powerW, '–')}
          unit={cap === null ? 'W' : t('ofWatts', { watts: formatInteger(cap) })}
        />
      </dl>
      {gpu.warning && <GpuWarning warning={gpu.warning} />}
    </li>
  )
}

/** The cards: side by side in one strip, or below one another in a column beside the services. */
export function GpuStrip({ asColumn, className = '' }: { asColumn: boolean; className?: string | undefined }) {
  const { t } = useTranslation(['overview', 'gpus'])
  const { report } = useGpus()
  const holdersOf = useHolders()
  const isAdmin = useIsAdmin()
  const reason = report?.reason && describeReason(report.reason)
  const warning = reportWarning(report)
  const isWaiting = report === null || (report.state === 'starting' && report.gpus.length === 0)
  const gpus = report?.gpus ?? []
  const isStale = report?.state === 'stale'
  if (gpus.length > 0 && !asColumn) {
    return (
      <section className={`${c.panel} ${className}`} aria-label={t('gpus.title')} data-stale={isStale || undefined}>
        {(isStale || warning) && (
          <div className={c.padded}>
            {isStale && <StatusLabel of="stale" />}
            {warning && <GpuWarning warning={warning} />}
          </div>
        )}
        <ul className={c.strip} data-columns={gpus.length > 4 ? Math.ceil(gpus.length / 2) : gpus.length}>
          {gpus.map((gpu) => (
            <Cell key={gpu.uuid} gpu={gpu} holders={holdersOf(gpu)} />
          ))}
        </ul>
      </section>
    )
  }
  return (
    <Panel
      title={t('gpus.title')}
      {...(gpus.length > 0 && { note: isStale ? <StatusLabel of="stale" /> : t('gpus.sampled') })}
      action={isAdmin && <PanelAction href={hrefOf('gpus')}>{t('gpus.details')}</PanelAction>}
      flush
      className={`${c.columnPanel} ${className}`}
    >
      {isWaiting ? (
        <div className={c.padded}>
          <Loading rows={1} />
        </div>
      ) : gpus.length === 0 ? (
        <p className={c.nothing}>{reason ? `${reason.message} ${reason.hint}` : t('gpus:state.noneText')}</p>
      ) : (
        <>
          {warning && (
            <div className={c.padded}>
              <GpuWarning warning={warning} />
            </div>
          )}
          <ul className={c.column}>
            {gpus.map((gpu) => (
              <ColumnCell key={gpu.uuid} gpu={gpu} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
