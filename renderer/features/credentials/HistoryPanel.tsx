import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Proof, RotationStep, type AuditEntry } from '../../../shared/contract'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { splitPath } from './fingerprint/groups'
import { Panel, PanelAction } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import c from './Credentials.module.css'
import { useNameOf } from './useNameOf'

const actions = [
  'credential.created',
  'credential.changed',
  'credential.imported',
  'credential.sinks-found',
  'credential.adopted',
  'credential.removed',
  'credential.revealed',
  'credential.verified',
  'credential.given',
  'credential.tried',
  'sink.written',
  'rotation.started',
  'rotation.committed',
  'rotation.rolled-back',
  'rotation.failed',
  'rotation.postponed',
  'rotation.back-to-previous',
  'rotation.wanted',
  'rotation.not-wanted',
  'policy.changed',
  'policy.snoozed',
  'credential.previous-erased',
  'credential.consumers-changed',
] as const
type KnownAction = (typeof actions)[number]
const isKnown = (action: string): action is KnownAction => (actions as readonly string[]).includes(action)

const isSetback = (action: string) => action === 'rotation.rolled-back' || action === 'rotation.failed'

interface HistoryPanelProps {
  id: string
  /** Shows the last rotation again; left out where there was none. */
  onLastRotation?: (() => void) | undefined
}

/** What happened to a credential, newest first. */
export function HistoryPanel({ id, onLastRotation }: HistoryPanelProps) {
  const { t } = useTranslation('credentials')
  const history = useQuery(api.credentials.history.queryOptions({ input: { id, limit: 50 } }))
  return (
    <Panel
      title={t('history.title')}
      action={onLastRotation && <PanelAction onClick={onLastRotation}>{t('history.lastRotation')}</PanelAction>}
    >
      <Loaded query={history}>
        {(entries) =>
          entries.length === 0 ? (
            <p className={c.text}>{t('history.empty')}</p>
          ) : (
            <ol className={c.history}>
              {entries.map((entry) => (
                <li key={entry.seq} data-tone={isSetback(entry.action) ? 'warn' : undefined}>
                  <Entry entry={entry} />
                  <Ago at={entry.at} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Entry({ entry: { action, who, details } }: { entry: AuditEntry }) {
  const { t } = useTranslation('credentials')
  const nameOf = useNameOf()
  if (!isKnown(action)) return <span className="mono">{action}</span>
  const by = t('history.by', { who: nameOf(who) })
  if (action === 'sink.written') {
    const path = String(details['path'] ?? '')
    const variable = details['key'] ? `, ${details['key']}` : ''
    return (
      <span>
        {t('history.action.sink.written')}{' '}
        <span className="mono" title={path}>
          {splitPath(path).name}
          {variable}
        </span>
      </span>
    )
  }
  const step = RotationStep.shape.id.safeParse(details['step'])
  const outcome = Proof.shape.outcome.safeParse(details['outcome'])
  return (
    <span>
      {t(`history.action.${action}`, {
        by,
        service: String(details['service'] ?? ''),
        url: String(details['url'] ?? ''),
        step: step.success ? t(`rotation.steps.${step.data}`) : '',
        outcome: outcome.success ? t(`proof.outcome.${outcome.data}`).toLowerCase() : '',
      })}
    </span>
  )
}
