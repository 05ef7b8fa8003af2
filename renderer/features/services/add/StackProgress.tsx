import { Button } from '@mantine/core'
import { IconBan, IconCheck, IconLoader2, IconMinus, IconX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Deployment, DeploymentStep } from '../../../../shared/contract'
import { applyEvent } from '../../../api/cache'
import { api } from '../../../api/query'
import { describeReason } from '../../../i18n'
import { navigate } from '../../../ui/route'
import { StatusIcon } from '../../../ui/Status'
import c from './Add.module.css'
import { useFirstFocus } from './useFirstFocus'

function Node({ state }: { state: DeploymentStep['state'] }) {
  switch (state) {
    case 'done':
      return <IconCheck size={13} stroke={2.5} aria-hidden />
    case 'running':
      return <IconLoader2 size={20} className="turning" aria-hidden />
    case 'failed':
      return <IconX size={13} stroke={2.5} aria-hidden />
    case 'skipped':
      return <IconMinus size={13} stroke={2.5} aria-hidden />
    case 'waiting':
      return null
  }
}

/** What the Compose program tells while the service starts. */
function StartSteps({ serviceId }: { serviceId: string }) {
  const service = useQuery(api.services.list.queryOptions()).data?.find(({ id }) => id === serviceId)
  const steps = service?.progress?.steps ?? []
  return (
    <ul className={c.subSteps}>
      {steps.slice(-6).map((step) => (
        <li key={step.id}>
          <StatusIcon of={step.state === 'done' ? 'ready' : step.state} size={14} />
          <span>{step.title}</span>
          {step.detail !== null && <span className="mono">{step.detail}</span>}
        </li>
      ))}
    </ul>
  )
}

function Steps({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation('add')
  return (
    <ol className={c.steps} aria-label={t('progress.steps')}>
      {deployment.steps.map(({ id, state, detail }) => (
        <li key={id} data-state={state} aria-current={state === 'running' ? 'step' : undefined}>
          <span className={c.node}>
            <Node state={state} />
          </span>
          <div>
            <b>{t(`progress.step.${id}`)}</b>
            <span className="visually-hidden">, {t(`progress.state.${state}`)}</span>
            {detail !== null && detail !== '' && <p className="mono">{detail}</p>}
            {id === 'start' && state === 'running' && <StartSteps serviceId={deployment.serviceId} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Outcome({ deployment }: { deployment: Deployment }) {
  const { t } = useTranslation('add')
  const { state, serviceId, kept, reason } = deployment
  const why = reason && describeReason(reason)
  switch (state) {
    case 'running':
      return <p className={c.note}>{t('progress.running')}</p>
    case 'undoing':
      return <p className={c.note}>{t('progress.undoing')}</p>
    case 'done':
      return (
        <p className={c.outcome} data-tone="good">
          <StatusIcon of="ready" /> {t('progress.done', { id: serviceId })}
        </p>
      )
    case 'not-started':
      return (
        <section className={c.notice} data-tone="bad">
          <StatusIcon of="failed" />
          <div>
            <b>{t('progress.notStarted', { id: serviceId })}</b>
            {why && (
              <p>
                {why.message} {why.hint}
              </p>
            )}
            <p>{t('progress.whole')}</p>
          </div>
        </section>
      )
    case 'undone':
      return (
        <section className={c.notice} data-tone={reason?.problem === 'stacks.cancelled' ? 'quiet' : 'bad'}>
          {reason?.problem === 'stacks.cancelled' ? <IconBan size={16} aria-hidden /> : <StatusIcon of="failed" />}
          <div>
            {why && (
              <>
                <b>{why.message}</b> <p>{why.hint}</p>
              </>
            )}
            <p>{t(kept.length > 0 ? 'progress.undoneKept' : 'progress.undone')}</p>
            {kept.length > 0 && <code className={c.paths}>{kept.join('\n')}</code>}
          </div>
        </section>
      )
  }
}

interface StackProgressProps {
  started: Deployment
  onClose: () => void
  onBack: () => void
}

/** A deployment on its way, step by step, with the way to take it back. */
export function StackProgress({ started, onClose, onBack }: StackProgressProps) {
  const { t } = useTranslation('add')
  const cache = useQueryClient()
  const step = useFirstFocus<HTMLDivElement>()
  const { data: deployment = started } = useQuery(
    api.stacks.deployment.queryOptions({ input: { id: started.id }, refetchOnMount: 'always' }),
  )
  const undo = useMutation(
    api.stacks.undo.mutationOptions({
      onSuccess: (undone) => applyEvent(cache, { type: 'deployment', deployment: undone }),
    }),
  )
  const { state, serviceId } = deployment
  const open = () => {
    onClose()
    navigate('services', serviceId)
  }
  const undoButton = (word: string) => (
    <Button
      variant="default"
      onClick={() => undo.mutate({ id: deployment.id })}
      loading={undo.isPending || state === 'undoing'}
    >
      {word}
    </Button>
  )
  return (
    <div ref={step} tabIndex={-1} className={c.stage}>
      <Steps deployment={deployment} />
      <div role="status">
        <Outcome deployment={deployment} />
      </div>
      <footer className={c.foot}>
        {(state === 'running' || state === 'undoing') && undoButton(t('progress.cancel'))}
        {state === 'not-started' && undoButton(t('progress.undo'))}
        {state === 'undone' ? (
          <>
            <Button variant="default" onClick={onClose}>
              {t('progress.close')}
            </Button>
            <Button onClick={onBack}>{t('progress.back')}</Button>
          </>
        ) : (
          <Button
            {...(state === 'done' ? {} : { variant: 'default' })}
            onClick={open}
            disabled={!deployment.steps.some(({ id, state: of }) => id === 'service' && of === 'done')}
          >
            {t('progress.open', { id: serviceId })}
          </Button>
        )}
      </footer>
    </div>
  )
}
