import { useTranslation } from 'react-i18next'
import type { MachineCheck, MachineTest } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatDuration } from '../../i18n/format'
import { CopyButton } from '../../ui/CopyText'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Machines.module.css'

const looks = { ok: 'ready', missing: 'failed', unknown: 'unknown' } satisfies Record<MachineCheck['state'], StatusKey>

/** What a machine has and lacks, each with what mends it. */
export function Checks({ test: { checks, tookMs } }: { test: MachineTest }) {
  const { t } = useTranslation(['machines', 'common'])
  return (
    <div role="status">
      <ul className={c.checks} aria-label={t('test.title')}>
        {checks.map(({ id, state, words, command }) => {
          const { message, hint } = describeReason(words)
          return (
            <li key={id}>
              <StatusIcon of={looks[state]} />
              <div>
                <b>{t(`test.${id}`)}</b> <span className="visually-hidden">{t(`test.is.${state}`)}</span>
                <p>
                  {message} {state !== 'ok' && hint}
                </p>
                {command !== null && state !== 'ok' && (
                  <div className={c.command}>
                    <code>{command}</code>
                    <CopyButton text={command} label={t('common:action.copyCommand')} />
                  </div>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      <p className={c.note}>{t('test.took', { time: formatDuration(tookMs) })}</p>
    </div>
  )
}
