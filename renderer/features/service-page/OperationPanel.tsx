import { ActionIcon, Button } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { forgetOperation, useOperationRecord } from '../services/seen'
import { Failure } from '../../api/Failure'
import type { OperationRecord, RecordedStep } from '../services/operation'
import { reasonOf } from '../services/state'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { useNow } from '../../ui/useNow'
import { describeReason } from '../../i18n'
import { formatDuration } from '../../i18n/format'
import c from './Operation.module.css'
import { Tooltip } from '../../ui/Tooltip'

/** What was done well is told for this long. */
const doneForMs = 60_000

const outcomeStatus = {
  running: 'running',
  done: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<OperationRecord['outcome'], StatusKey>

/** A step that still ran when the operation ended was not finished. */
const stateOf = (step: RecordedStep, { outcome }: OperationRecord) =>
  step.state === 'running' && outcome !== 'running' ? 'stopped' : step.state

const stepStatus = { running: 'running', done: 'succeeded', failed: 'failed', stopped: 'cancelled' } as const

/** How long since a time, in whole seconds while it goes on. */
function Elapsed({ from, to }: { from: number | null; to: number | null }) {
  const now = useNow()
  if (from === null) return null
  const ms = (to ?? Math.max(now, from)) - from
  return <>{formatDuration(to === null ? Math.floor(ms / 1000) * 1000 : ms)}</>
}

function Steps({ record, id }: { record: OperationRecord; id: string }) {
  const { t } = useTranslation('operations')
  const list = useRef<HTMLOListElement>(null)
  const count = record.steps.length
  useEffect(() => {
    if (record.outcome === 'running') list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [count, record.outcome])
  if (count === 0 && record.outcome === 'running') {
    return (
      <p className={c.begins} id={id}>
        {t('panel.begins')}
      </p>
    )
  }
  return (
    // It scrolls by itself, so the keyboard must reach it.
    <ol className={c.steps} ref={list} id={id} tabIndex={0} aria-label={t('panel.steps', { count })}>
      {record.steps.map((step) => {
        const state = stateOf(step, record)
        return (
          <li key={step.id} className={c.step} data-state={state}>
            <StatusIcon of={stepStatus[state]} size={15} />
            <span className={c.stepTitle} title={step.title}>
              {step.title}
            </span>
            <span className={`mono ${c.stepDetail}`} title={step.detail ?? undefined}>
              {step.detail}
            </span>
            <span className={c.stepTime}>
              <Elapsed from={step.from} to={step.to} />
            </span>
            <span className="visually-hidden">{t(`panel.state.${state}`)}</span>
          </li>
        )
      })}
    </ol>
  )
}

/** Why it failed: what the call ended with, else what the service itself says. */
function Why({ record, service }: { record: OperationRecord; service: Service }) {
  if (record.outcome !== 'failed') return null
  const reason = reasonOf(service)
  if (record.error !== null && record.error !== undefined) return <Failure error={record.error} />
  if (!reason) return null
  const { message, hint } = describeReason(reason)
  return (
    <p className={c.why}>
      <b>{message}</b> {hint}
    </p>
  )
}

function Head({ record }: { record: OperationRecord }) {
  const { t } = useTranslation('operations')
  const { operation, outcome, startedAt, endedAt } = record
  return (
    <>
      <StatusIcon of={outcomeStatus[outcome]} size={18} />
      <h2 className={c.title}>{t(`${outcome}.${operation}`)}</h2>
      <span className={c.time}>
        {outcome === 'running' || endedAt === null ? (
          <Elapsed from={startedAt} to={null} />
        ) : (
          endedAt > startedAt &&
          t(outcome === 'done' ? 'panel.in' : 'panel.after', { duration: formatDuration(endedAt - startedAt) })
        )}
      </span>
    </>
  )
}

/** What is being done to the container, step by step; afterwards how it ended, and why when it failed. */
export function OperationPanel({ service }: { service: Service }) {
  const { t } = useTranslation('operations')
  const cache = useQueryClient()
  const record = useOperationRecord(service)
  const now = useNow(5000)
  const stepsId = useId()
  const [choice, setChoice] = useState<{ of: number; isOpen: boolean } | null>(null)
  if (!record || service.runtime !== 'compose') return null
  const { outcome, steps, startedAt, endedAt } = record
  if (outcome === 'done' && endedAt !== null && now - endedAt > doneForMs) return null
  // Open while it goes on and after a failure, unless the reader chose otherwise for this operation.
  const isOpen = choice?.of === startedAt ? choice.isOpen : outcome === 'running' || outcome === 'failed'
  const hasSteps = steps.length > 0 || outcome === 'running'
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <section className={c.panel} data-outcome={outcome} aria-label={t('panel.title')}>
      <header className={c.head}>
        <Head record={record} />
        <span className={c.tools}>
          {hasSteps && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={() => setChoice({ of: startedAt, isOpen: !isOpen })}
              aria-expanded={isOpen}
              aria-controls={isOpen ? stepsId : undefined}
              aria-label={isOpen ? t('panel.hide') : t('panel.show')}
              rightSection={<Chevron size={14} />}
            >
              {t('panel.steps', { count: steps.length })}
            </Button>
          )}
          {outcome !== 'running' && (
            <Tooltip label={t('do.close')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                onClick={() => forgetOperation(cache, service.id)}
                aria-label={t('do.close')}
              >
                <IconX size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </header>
      <div role="status" className="visually-hidden">
        {t(`${outcome}.${record.operation}`)}
      </div>
      {isOpen && hasSteps && <Steps record={record} id={stepsId} />}
      <Why record={record} service={service} />
    </section>
  )
}
