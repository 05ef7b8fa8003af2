import { useTranslation } from 'react-i18next'
import type { Update, UpdateStep } from '../../../shared/contract'
import { describeLine } from '../../i18n'
import { formatClock, formatDuration } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { Steps } from '../../ui/Steps'
import c from './Updates.module.css'
import { standing } from './view'

const ahead: readonly UpdateStep['id'][] = ['snapshot', 'build', 'start', 'verify', 'switch', 'keep']

/** What will happen, before it does. */
export function StepsAhead() {
  const { t } = useTranslation('updates')
  return (
    <Panel title={t('steps.ahead')}>
      <Steps
        steps={ahead.map((id) => ({
          ...{ id, state: 'waiting', title: t(`steps.${id}`), word: t('steps.state.waiting'), took: null },
          evidence: <p>{t(`steps.wait.${id}`)}</p>,
        }))}
      />
    </Panel>
  )
}

/** An update step by step; what each one found stands below it, and of one that failed the end of its log. */
export function UpdateSteps({ update }: { update: Update }) {
  const { t } = useTranslation('updates')
  const { step, count, id } = standing(update.steps)
  const current = update.steps.find((one) => one.id === id)
  return (
    <Panel
      title={t('steps.title')}
      note={t('steps.note', { id: update.id.slice(0, 4), time: formatClock(update.startedAt) })}
    >
      <Steps
        steps={update.steps.map((one) => ({
          ...{ id: one.id, state: one.state, title: t(`steps.${one.id}`), word: t(`steps.state.${one.state}`) },
          took: one.tookMs === null ? null : formatDuration(one.tookMs),
          evidence: <Evidence step={one} />,
        }))}
      />
      <p className="visually-hidden" role="status">
        {current &&
          t('steps.announce', { step, count, name: t(`steps.${id}`), state: t(`steps.state.${current.state}`) })}
      </p>
    </Panel>
  )
}

function Evidence({ step: { id, state, lines, doing, log } }: { step: UpdateStep }) {
  const { t } = useTranslation('updates')
  if (lines.length === 0 && doing === null && (state === 'waiting' || state === 'running'))
    return <p>{t(`steps.wait.${id}`)}</p>
  return (
    <>
      {lines.map((line, index) => (
        <p key={index}>{describeLine('updates', `steps.lines.${line.line}`, line)}</p>
      ))}
      {doing !== null && <p className={`mono ${c.doing}`}>{doing}</p>}
      {log.length > 0 && (
        <pre className={c.log} tabIndex={0} aria-label={t('steps.log')}>
          {log.join('\n')}
        </pre>
      )}
    </>
  )
}
