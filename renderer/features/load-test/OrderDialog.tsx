import { Button, Checkbox, Modal, NumberInput, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import {
  loadTestBounds as bounds,
  type LoadTest,
  type LoadTestOrder,
  type LoadTestPlan,
} from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatDuration, formatInteger } from '../../i18n/format'
import dialog from '../../ui/Dialog.module.css'
import { StatusIcon } from '../../ui/Status'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './LoadTest.module.css'

const fields = {
  count: { min: 1, max: bounds.count, step: 1 },
  concurrency: { min: 1, max: bounds.concurrency, step: 1 },
  limit: { min: bounds.limitS.least, max: bounds.limitS.most, step: 1 },
  steps: { min: 1, max: 150, step: 1 },
  width: { min: 64, max: 2048, step: 64 },
  height: { min: 64, max: 2048, step: 64 },
} as const
type Field = keyof typeof fields
const names = ['count', 'concurrency', 'limit', 'steps', 'width', 'height'] as const satisfies readonly Field[]
type Numbers = Partial<Record<Field, string | number>>

/** What the form asks for; null while a field that it needs is empty. */
function orderOf(numbers: Numbers, prompt: string, last: LoadTest | null): LoadTestOrder | null {
  const number = (name: Field) => {
    const value = numbers[name]
    return typeof value === 'number' ? value : undefined
  }
  const [count, concurrency, limitS] = [number('count'), number('concurrency'), number('limit')]
  if (count === undefined || concurrency === undefined || limitS === undefined) return null
  const [steps, width, height] = [number('steps'), number('width'), number('height')]
  const { workflow, checkpoint } = last?.order.params ?? {}
  const params = {
    ...(prompt.trim() !== '' && { prompt: prompt.trim() }),
    ...(steps !== undefined && { steps }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(workflow !== undefined && { workflow }),
    ...(checkpoint !== undefined && { checkpoint }),
  }
  return { count, concurrency, limitS, params }
}

/** How long it should take, or what keeps it. */
function Expected({ plan }: { plan: LoadTestPlan }) {
  const { t } = useTranslation('load')
  const { blocked, confirm, estimateMs, from } = plan
  const why = blocked ?? confirm
  const time = estimateMs === null ? null : formatDuration(estimateMs)
  return (
    <>
      {!blocked && (
        <p className={c.text}>
          {time === null
            ? t('dialog.estimateNone')
            : t(from === 'golden' ? 'dialog.estimateGolden' : 'dialog.estimate', { time })}
        </p>
      )}
      {why && (
        <p className={c.why} data-state={blocked ? 'failed' : undefined}>
          <StatusIcon of={blocked ? 'failed' : 'warning'} /> {describeReason(why).message} {describeReason(why).hint}
        </p>
      )}
    </>
  )
}

/** What the form begins with: the last test's order. */
const numbersOf = (order: LoadTestOrder | undefined): Numbers => ({
  ...{ count: order?.count ?? 20, concurrency: order?.concurrency ?? 4, limit: order?.limitS ?? bounds.limitS.usual },
  ...(order?.params.steps !== undefined && { steps: order.params.steps }),
  ...(order?.params.width !== undefined && { width: order.params.width }),
  ...(order?.params.height !== undefined && { height: order.params.height }),
})

interface FieldsProps {
  numbers: Numbers
  made: LoadTest['made']
  onChange: (numbers: Numbers) => void
}

function Fields({ numbers, made, onChange }: FieldsProps) {
  const { t } = useTranslation('load')
  const usual = (name: Field) => {
    if (name !== 'steps' && name !== 'width' && name !== 'height') return ''
    return made ? formatInteger(made[name]) : t('dialog.usual')
  }
  return (
    <div className={c.fields}>
      {names.map((name) => (
        <NumberInput
          key={name}
          label={t(`dialog.${name}`)}
          value={numbers[name] ?? ''}
          onChange={(value) => onChange({ ...numbers, [name]: value })}
          placeholder={usual(name)}
          allowDecimal={false}
          {...fields[name]}
          data-autofocus={name === 'count' || undefined}
        />
      ))}
    </div>
  )
}

/** What the order would come to now, asked again as it changes and every few seconds. */
function usePlan(serviceId: string, order: LoadTestOrder | null) {
  const [settled] = useDebouncedValue(order === null ? null : JSON.stringify(order), 300)
  const asked = settled === null ? null : (JSON.parse(settled) as LoadTestOrder) // what was just written
  return useQuery({
    ...api.loadTests.plan.queryOptions({ input: { id: serviceId, ...(asked ?? { count: 1, concurrency: 1 }) } }),
    enabled: asked !== null,
    placeholderData: (before) => before,
    refetchInterval: 5_000,
    gcTime: 0,
  })
}

interface OrderDialogProps {
  serviceId: string
  last: LoadTest | null
  onClose: () => void
  onStarted: () => void
}

/** What a test generates and how many at a time; what is empty is the service's own default. */
export function OrderDialog({ serviceId, last, onClose, onStarted }: OrderDialogProps) {
  const { t } = useTranslation(['load', 'common'])
  useReturnFocus()
  const [prompt, setPrompt] = useState(last?.order.params.prompt ?? '')
  const [numbers, setNumbers] = useState(() => numbersOf(last?.order))
  // What was confirmed: another thing that comes up meanwhile is asked anew.
  const [confirmed, setConfirmed] = useState<string | null>(null)
  const order = orderOf(numbers, prompt, last)
  const plan = usePlan(serviceId, order)
  const start = useMutation(
    api.loadTests.start.mutationOptions({
      meta: { quiet: true },
      onSuccess() {
        onStarted()
        onClose()
      },
    }),
  )
  const { confirm, blocked, made = null } = plan.data ?? {}
  const isConfirmed = confirm !== undefined && confirm.problem === confirmed
  const isHeld = blocked !== undefined || (confirm !== undefined && !isConfirmed)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (order) start.mutate({ id: serviceId, ...order, anyway: isConfirmed })
  }
  return (
    <Modal opened onClose={onClose} title={t('dialog.title')} size={560}>
      <form className={dialog.dialog} onSubmit={submit}>
        <p className={c.text}>{t('dialog.text')}</p>
        <Fields numbers={numbers} made={made} onChange={setNumbers} />
        <Textarea
          label={t('dialog.prompt')}
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
          placeholder={made?.prompt ?? t('dialog.usual')}
          autosize
          minRows={2}
          maxRows={8}
        />
        <div role="status">{plan.data && <Expected plan={plan.data} />}</div>
        {confirm && (
          <Checkbox
            label={t(confirm.problem === 'load-test.asleep' ? 'dialog.wake' : 'dialog.anyway')}
            checked={isConfirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked ? confirm.problem : null)}
          />
        )}
        <Failure error={start.error ?? plan.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={start.isPending} disabled={order === null || isHeld}>
            {t('dialog.start')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
