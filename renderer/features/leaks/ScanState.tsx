import { useTranslation } from 'react-i18next'
import type { LeakScan, LeakScanned } from '../../../shared/contract'
import { Ago } from '../../ui/Ago'
import { Panel } from '../../ui/Panel'
import { StatusIcon, StatusLabel, type StatusKey } from '../../ui/Status'
import { useNow } from '../../ui/useNow'
import { describeReason } from '../../i18n'
import { formatBytes, formatDuration, formatInteger } from '../../i18n/format'
import c from './Leaks.module.css'

/** Of a million and more, French has yet another form. */
const counted = 999_999

const sourceIcons: Record<LeakScanned['state'], StatusKey> = {
  running: 'running',
  done: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** How far a running scan is. */
export function Progress({ scan }: { scan: LeakScan }) {
  const { t } = useTranslation('leaks')
  const now = useNow(1000)
  const { items, bytes, found, current } = scan.progress
  return (
    <Panel title={t('running.title')}>
      <div className={c.running}>
        <StatusLabel of="running" word={t('running.word')} detail={formatDuration(Math.max(0, now - scan.startedAt))} />
        <dl className={c.figures}>
          <Figure label={t('running.items')} value={formatInteger(items)} />
          <Figure label={t('running.bytes')} value={formatBytes(bytes)} />
          <Figure label={t('running.found')} value={formatInteger(found)} />
        </dl>
        <p className={c.current}>{current}</p>
      </div>
    </Panel>
  )
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">{value}</dd>
    </div>
  )
}

/** What was read and how that ended, and what was not. */
export function WhatWasRead({ scan }: { scan: LeakScan }) {
  const { t } = useTranslation(['leaks', 'credentials'])
  return (
    <Panel title={t('read.title')} note={scan.finishedAt !== null && <Ago at={scan.finishedAt} />}>
      <ul className={c.read}>
        {scan.scanned.map((entry, at) => (
          <Source key={at} entry={entry} />
        ))}
      </ul>
      <p className={c.note}>{t('read.patterns', { count: scan.values, patterns: formatInteger(scan.patterns) })}</p>
      {scan.tooShort.length > 0 && (
        <p className={c.note}>
          {t('read.tooShort', {
            list: scan.tooShort.map((one) => `${one.credentialId} (${t(`credentials:field.${one.field}`)})`).join(', '),
          })}
        </p>
      )}
      {scan.skipped.map(({ why, count, first }) => (
        <details key={why} className={c.skipped}>
          <summary>{t(`skip.${why}`, { count })}</summary>
          <ul>
            {first.map((path) => (
              <li key={path}>{path}</li>
            ))}
            {count > first.length && <li>{t('read.more', { count: count - first.length })}</li>}
          </ul>
        </details>
      ))}
    </Panel>
  )
}

function Source({ entry }: { entry: LeakScanned }) {
  const { t } = useTranslation('leaks')
  const reason = entry.reason && describeReason(entry.reason)
  return (
    <li>
      <StatusIcon of={entry.state === 'done' && reason ? 'warning' : sourceIcons[entry.state]} size={16} />
      <div>
        <span>{t(`source.${entry.source}`)}</span>
        <span className={c.path}>{entry.where}</span>
        <span className={c.small}>
          {t(`items.${entry.source}`, { count: Math.min(entry.items, counted), n: formatInteger(entry.items) })} ·{' '}
          {formatBytes(entry.bytes)}
        </span>
        {reason && (
          <p>
            {reason.message} {reason.hint}
          </p>
        )}
      </div>
    </li>
  )
}
