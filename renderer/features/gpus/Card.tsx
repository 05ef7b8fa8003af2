import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../shared/contract'
import { formatGiBNumber, formatInteger, formatMiB } from '../../i18n/format'
import { Chart } from '../../ui/chart/Chart'
import { Facts } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { StatusLabel } from '../../ui/Status'
import { AttributionBar, Legend } from './Gpu'
import { chartOf, type GpuSample } from './gpu-history'
import { GpuWarning } from './GpuWarning'
import { attribute } from './shares'
import { useHardwareRows } from './useHardwareRows'
import c from './Gpus.module.css'

interface PlotProps {
  title: string
  value: string | null
  unit: string
  children: ReactNode
}

function Plot({ title, value, unit, children }: PlotProps) {
  const { t } = useTranslation('gpus')
  return (
    <figure className={c.plot}>
      <figcaption>
        <span>{title}</span>
        <span className="num">
          {value === null ? (
            t('unknown')
          ) : (
            <>
              <b>{value}</b> {unit}
            </>
          )}
        </span>
      </figcaption>
      {children}
    </figure>
  )
}

const whole = (value: number | null) => (value === null ? null : formatInteger(value))

/** The next round number above what is to be shown, so that a line never leaves its chart. */
const roundUp = (value: number, step: number) => Math.max(step, Math.ceil(value / step) * step)

const peak = (values: readonly (number | null)[], least: number) =>
  values.reduce<number>((max, value) => Math.max(max, value ?? 0), least)

function Plots({ gpu, history }: { gpu: Gpu; history: readonly GpuSample[] }) {
  const { t } = useTranslation('gpus')
  const axes = { width: 34, format: String, middle: t('minuteAgo') }
  const common = { ...chartOf(history), axes, height: 144 }
  const memory = history.map(({ memoryUsedMiB }) => (memoryUsedMiB === null ? null : memoryUsedMiB / 1024))
  const power = history.map(({ powerW }) => powerW)
  const total = gpu.memoryTotalMiB
  const cap = gpu.powerLimitW
  return (
    <div className={c.plots}>
      <Plot title={t('load')} value={whole(gpu.utilizationPct)} unit="%">
        <Chart
          {...common}
          lines={[{ values: history.map(({ utilizationPct }) => utilizationPct), token: '--data-1' }]}
          min={0}
          max={100}
          label={t('load')}
        />
      </Plot>
      <Plot
        title={t('memory')}
        value={gpu.memoryUsedMiB === null ? null : formatGiBNumber(gpu.memoryUsedMiB)}
        unit={total === null ? t('gib') : t('ofSize', { size: formatMiB(total) })}
      >
        <Chart
          {...common}
          lines={[{ values: memory, token: '--data-1' }]}
          min={0}
          max={roundUp(peak(memory, (total ?? 0) / 1024), 2)}
          label={t('memory')}
        />
      </Plot>
      <Plot title={t('temperature')} value={whole(gpu.temperatureC)} unit="°C">
        <Chart
          {...common}
          lines={[{ values: history.map(({ temperatureC }) => temperatureC), token: '--data-2' }]}
          min={20}
          max={100}
          label={t('temperature')}
        />
      </Plot>
      <Plot
        title={t('power')}
        value={whole(gpu.powerW)}
        unit={cap === null ? t('wattsNoLimit') : t('ofWatts', { watts: formatInteger(cap) })}
      >
        <Chart
          {...common}
          lines={[{ values: power, token: '--data-2' }]}
          min={0}
          max={roundUp(peak(power, cap ?? 0) * 1.1, 50)}
          limit={cap ?? undefined}
          label={t('power')}
        />
      </Plot>
    </div>
  )
}

function CopyUuid({ uuid }: { uuid: string }) {
  const { t } = useTranslation(['gpus', 'common'])
  return (
    <CopyButton value={uuid}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.6} />}
          className={c.copy}
          onClick={copy}
        >
          {copied ? t('common:action.copied') : t('copyUuid')}
        </Button>
      )}
    </CopyButton>
  )
}

/** The ways to the card's other pages. */
function Links({ gpu: { uuid, name } }: { gpu: Gpu }) {
  const { t } = useTranslation('gpus')
  return (
    <>
      <Button
        variant="default"
        component="a"
        href={hrefOf('gpus', uuid, 'history')}
        aria-label={t('historyOf', { name })}
      >
        {t('tab.history')}
      </Button>
      <Button
        variant="default"
        component="a"
        href={hrefOf('gpus', uuid, 'identity')}
        aria-label={t('identityOf', { name })}
      >
        {t('tab.identity')}
      </Button>
    </>
  )
}

function Identity({ gpu, links }: { gpu: Gpu; links: boolean }) {
  const { t } = useTranslation('gpus')
  const mhz = (value: number | null) => (value === null ? null : t('mhz', { n: formatInteger(value) }))
  const orUnknown = (value: string | null) => value ?? <span className="dim">{t('unknown')}</span>
  const isWorking = (gpu.utilizationPct ?? 0) > 20
  const hardware = useHardwareRows(gpu)
  const [slowedBy] = gpu.slowedBy ?? []
  const slowed: [string, ReactNode][] = slowedBy
    ? [[t('fact.slowed'), <StatusLabel key="slowed" of="slowed" word={t(`slowedBy.${slowedBy}`)} />]]
    : []
  return (
    <div className={c.identity}>
      <header>
        <h2>{gpu.name}</h2>
        <StatusLabel
          of={gpu.utilizationPct === null ? 'unknown' : isWorking ? 'running' : 'idle'}
          {...(isWorking && { word: t('working') })}
          {...(gpu.pstate !== null && { detail: gpu.pstate })}
        />
      </header>
      <Facts
        labelWidth={92}
        rows={[
          ['nvidia-smi', `GPU ${gpu.index}`],
          [
            'UUID',
            <span key="uuid" className="mono" title={gpu.uuid}>
              {gpu.uuid}
            </span>,
          ],
          [t('fact.bus'), orUnknown(gpu.busId)],
          [t('fact.driver'), orUnknown(gpu.driverVersion)],
          [t('fact.clock'), orUnknown(mhz(gpu.clockSmMHz))],
          ...slowed,
          [t('fact.memoryClock'), orUnknown(mhz(gpu.clockMemMHz))],
          ...hardware,
          [t('fact.fan'), orUnknown(gpu.fanPct === null ? null : `${formatInteger(gpu.fanPct)} %`)],
        ]}
      />
      <div className={c.identityActions}>
        <CopyUuid uuid={gpu.uuid} />
        {links && <Links gpu={gpu} />}
      </div>
    </div>
  )
}

function Processes({ gpu }: { gpu: Gpu }) {
  const { t } = useTranslation('gpus')
  if (gpu.processes.length === 0) return <p className={c.note}>{t('process.none')}</p>
  return (
    <table className={c.processes}>
      <thead>
        <tr>
          <th>{t('process.pid')}</th>
          <th>{t('process.name')}</th>
          <th>{t('process.service')}</th>
          <th className={c.right}>{t('memory')}</th>
        </tr>
      </thead>
      <tbody>
        {gpu.processes.map((process) => (
          <tr key={process.pid}>
            <td className="num">{process.pid}</td>
            <td className="mono ellipsis" title={process.name}>
              {process.name}
            </td>
            <td>{process.serviceId ?? <span className="dim">–</span>}</td>
            <td className={`num ${c.right}`}>
              {process.memoryMiB === null ? <span className="dim">{t('unknown')}</span> : formatMiB(process.memoryMiB)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface CardProps {
  gpu: Gpu
  history: readonly GpuSample[]
  /** Whether the card's other pages are offered: not on those themselves. */
  links?: boolean
}

/** One card now: what it is, two minutes of its figures, and who holds its memory. */
export function Card({ gpu, history, links = false }: CardProps) {
  const { t } = useTranslation('gpus')
  return (
    <article className={c.card} aria-label={gpu.name}>
      <Identity gpu={gpu} links={links} />
      <div className={c.live}>
        {gpu.warning && (
          <div className={c.warning}>
            <GpuWarning warning={gpu.warning} />
          </div>
        )}
        <Plots gpu={gpu} history={history} />
        <section className={c.share}>
          <div className={c.shareHead}>
            <h3>{t('share.title')}</h3>
            {gpu.memoryUsedMiB !== null && gpu.memoryTotalMiB !== null && (
              <span className="num">
                <b>{formatGiBNumber(gpu.memoryUsedMiB)}</b> {t('ofSize', { size: formatMiB(gpu.memoryTotalMiB) })}
              </span>
            )}
          </div>
          <AttributionBar gpu={gpu} height={16} />
          <Legend gpu={gpu} how />
          {attribute(gpu).perProcessUnknown && <p className={c.note}>{t('share.perProcessUnknown')}</p>}
          <Processes gpu={gpu} />
        </section>
      </div>
    </article>
  )
}
