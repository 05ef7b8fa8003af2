import { Button, Progress } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Golden, GoldenCheck, ProvedRung } from '../../../shared/contract'
import { goldenPictureUrl } from '../../api/images'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatClock, formatDuration, formatGiBNumber } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { Findings } from './Findings'
import c from './Golden.module.css'

/** Begins a check, or ends the one that runs. */
export function RunButton({ golden: { serviceId, running }, isReady }: { golden: Golden; isReady: boolean }) {
  const { t } = useTranslation('golden')
  const run = useMutation(api.golden.run.mutationOptions())
  const cancel = useMutation(api.golden.cancel.mutationOptions())
  if (running)
    return (
      <Button
        variant="default"
        size="compact-sm"
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ id: serviceId })}
      >
        {t('cancel')}
      </Button>
    )
  return (
    <Button
      variant="light"
      size="compact-sm"
      leftSection={<IconPlayerPlay size={14} stroke={1.6} />}
      disabled={!isReady}
      title={isReady ? undefined : t('notReady')}
      loading={run.isPending}
      onClick={() => run.mutate({ id: serviceId, wait: false })}
    >
      {t('run')}
    </Button>
  )
}

/** How far the check has got. */
export function Running({ check: { progress, state } }: { check: GoldenCheck }) {
  const { t } = useTranslation('golden')
  const { phase = 'waiting', step = null, steps = null } = progress ?? {}
  const isKnown = step !== null && steps !== null && steps > 0
  const words = t(`running.${state === 'waiting' ? 'waiting' : phase}`)
  return (
    <div className={c.running} role="status">
      <span className="num">{isKnown ? t('running.step', { words, step, count: steps }) : words}</span>
      <Progress value={isKnown ? (100 * step) / steps : 0} size={4} aria-label={t('running.label')} />
    </div>
  )
}

function Picture({ check, word, alt }: { check: GoldenCheck | null; word: string; alt: string }) {
  const { t } = useTranslation('golden')
  return (
    <figure className={c.figure}>
      {check?.hasPicture && check.made ? (
        <img
          className={c.image}
          src={goldenPictureUrl(check.serviceId, check.id)}
          alt={alt}
          style={{ aspectRatio: `${check.made.width} / ${check.made.height}` }}
        />
      ) : (
        <div className={c.blank}>{t(check ? 'picture.gone' : 'picture.none')}</div>
      )}
      <figcaption>
        <b>{word}</b>
        {check && (
          <span>
            {formatClock(check.startedAt)}
            {check.warmMs !== null && `, ${formatDuration(check.warmMs)}`}
          </span>
        )}
      </figcaption>
    </figure>
  )
}

/** The browser takes one from the other: what is equal is black. */
function Difference({ last, golden }: { last: GoldenCheck; golden: GoldenCheck }) {
  const { t } = useTranslation('golden')
  return (
    <figure className={c.figure}>
      <div className={c.difference} role="img" aria-label={t('picture.differenceAlt')}>
        <img src={goldenPictureUrl(golden.serviceId, golden.id)} alt="" />
        <img src={goldenPictureUrl(last.serviceId, last.id)} alt="" />
      </div>
      <figcaption>
        <b>{t('picture.difference')}</b>
      </figcaption>
    </figure>
  )
}

interface FigureProps {
  label: string
  value: number | null
  golden: number | null | undefined
  format: (value: number) => string
  unit?: string
}

/** A figure, and how far it is from the golden check's. */
function Figure({ label, value, golden, format, unit }: FigureProps) {
  const { t } = useTranslation('golden')
  const difference = value === null || golden === null || golden === undefined ? null : value - golden
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">
        {value === null ? '–' : format(value)}
        {unit !== undefined && value !== null && <small> {unit}</small>}
      </dd>
      <dd className={c.note}>
        {difference === null
          ? ' '
          : Math.abs(difference) < 1
            ? t('figure.same')
            : t('figure.difference', { difference: `${difference > 0 ? '+' : '−'}${format(Math.abs(difference))}` })}
      </dd>
    </div>
  )
}

function Figures({ last, golden }: { last: GoldenCheck; golden: GoldenCheck | null }) {
  const { t } = useTranslation('golden')
  const mib = (value: number) => t('figure.gib', { value: formatGiBNumber(value) })
  const total = last.vramTotalMiB
  return (
    <dl className={c.figures}>
      <Figure label={t('figure.cold')} value={last.coldMs} golden={golden?.coldMs} format={formatDuration} />
      <Figure label={t('figure.warm')} value={last.warmMs} golden={golden?.warmMs} format={formatDuration} />
      <Figure label={t('figure.step')} value={last.stepMs} golden={golden?.stepMs} format={formatDuration} />
      <Figure
        label={t('figure.vram')}
        value={last.vramMiB}
        golden={golden?.vramMiB}
        format={mib}
        {...(total !== null && { unit: t('figure.of', { total: mib(total) }) })}
      />
    </dl>
  )
}

interface LastCheckProps {
  golden: Golden
  last: GoldenCheck
  isReady: boolean
  /** What the health of the service has of its last check. */
  proved: ProvedRung | undefined
}

/** The last check beside the golden one: images, findings and figures. */
export function LastCheck({ golden, last, isReady, proved }: LastCheckProps) {
  const { t } = useTranslation('golden')
  const before = proved?.checkId === last.id ? proved.before : undefined
  const [isDifference, setDifference] = useState(false)
  const { running, slowerLimitPct } = golden
  const reference = golden.golden
  const compared = last.hasPicture && reference?.hasPicture === true && reference.id !== last.id ? reference : null
  const why = last.reason && describeReason(last.reason)
  const { made } = last
  const about = made && t('last.made', { seed: made.seed, width: made.width, height: made.height, count: made.steps })
  return (
    <Panel
      className={c.wraps}
      title={t('last.title')}
      note={[t(`trigger.${last.trigger}`), formatClock(last.startedAt), about].filter(Boolean).join(', ')}
      action={
        <span className={c.actions}>
          {compared && (
            <PanelAction onClick={() => setDifference(!isDifference)}>
              {t(isDifference ? 'last.sideBySide' : 'last.compare')}
            </PanelAction>
          )}
          <RunButton golden={golden} isReady={isReady} />
        </span>
      }
    >
      {running && <Running check={running} />}
      {why && (
        <p className={c.why} data-state={last.state}>
          <StatusIcon of={last.state === 'failed' ? 'failed' : 'idle'} /> {why.message} {why.hint}
        </p>
      )}
      {before && (
        <p className={c.why}>
          <StatusIcon of="warning" /> {t(`before.${before}`)}
        </p>
      )}
      <div className={c.top}>
        <div className={c.pair}>
          {isDifference && compared ? (
            <Difference last={last} golden={compared} />
          ) : (
            <Picture check={last} word={t('picture.last')} alt={t('picture.lastAlt')} />
          )}
          <Picture check={reference} word={t('picture.golden')} alt={t('picture.goldenAlt')} />
        </div>
        <Findings findings={last.findings} slowerLimitPct={slowerLimitPct} />
      </div>
      <Figures last={last} golden={reference} />
    </Panel>
  )
}
