import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deployment, Stack, StackCheck, StackId } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { useGpus } from '../../gpus/useGpus'
import { useSecretCall } from '../../../api/useSecretCall'
import { describeReason } from '../../../i18n'
import { Failure } from '../../../api/Failure'
import { Loading } from '../../../ui/States'
import c from './Add.module.css'
import { DockerNotice } from './DockerNotice'
import {
  emptyStackForm,
  idOf,
  issuesOf,
  refusalsOf,
  toAnswers,
  toOrder,
  type StackField,
  type StackForm,
} from './stack-form'
import { StackFields } from './StackFields'
import { StackProgress } from './StackProgress'
import { CheckList, StackReview } from './StackReview'
import { useFirstFocus } from './useFirstFocus'
import { Loaded } from '../../../api/Loaded'

interface AnswersProps {
  stack: Stack
  form: StackForm
  change: (part: Partial<StackForm>) => void
  onChecked: (check: StackCheck) => void
  onBack: () => void
  onClose: () => void
}

/** The questions. They are looked at by the panel before anything is done, and a refusal stands at its field. */
function Answers({ stack, form, change, onChecked, onBack, onClose }: AnswersProps) {
  const { t } = useTranslation(['add', 'common'])
  const [wasSent, setWasSent] = useState(false)
  const step = useFirstFocus<HTMLFormElement>()
  const check = useMutation(api.stacks.check.mutationOptions({ meta: { quiet: true } }))
  const issues = issuesOf(form)
  const refusals = check.data ? refusalsOf(check.data) : null
  const errorOf = (field: StackField) => {
    const issue = issues[field]
    if (wasSent && issue) return t(`issue.${issue}`)
    const refused = refusals?.byField[field]?.reason
    // What was refused is not what is typed now.
    if (!refused || check.variables === undefined || !isSame(check.variables, stack, form)) return undefined
    const { message, hint } = describeReason(refused)
    return `${message} ${hint}`
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    const element = event.currentTarget
    if (Object.keys(issues).length > 0) focusFirstInvalid(element)
    else
      check.mutate(toAnswers(stack.id, form), {
        onSuccess: (found) => (found.ready ? onChecked(found) : focusFirstInvalid(element)),
      })
  }
  return (
    <form ref={step} className={c.form} onSubmit={send} noValidate>
      <DockerNotice onLeave={onClose} />
      <StackFields stack={stack} form={form} change={change} errorOf={errorOf} />
      {refusals && refusals.elsewhere.length > 0 && (
        <section className={c.notice} data-tone="bad" role="alert">
          <CheckList items={refusals.elsewhere} />
        </section>
      )}
      <Failure error={check.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" loading={check.isPending}>
          {t('next')}
        </Button>
      </footer>
    </form>
  )
}

const isSame = (sent: unknown, stack: Stack, form: StackForm) =>
  JSON.stringify(sent) === JSON.stringify(toAnswers(stack.id, form))

interface StageProps {
  stack: Stack
  onBack: () => void
  onClose: () => void
}

function Stages({ stack, onBack, onClose }: StageProps) {
  const { t } = useTranslation('add')
  const gpus = useGpus().report?.gpus ?? []
  const [form, setForm] = useState(() => emptyStackForm(stack, gpus[0]?.uuid ?? (gpus.length === 0 ? 'none' : '')))
  const [check, setCheck] = useState<StackCheck | null>(null)
  const [started, setStarted] = useState<Deployment | null>(null)
  const deploy = useSecretCall((order: StackForm) => client.stacks.deploy({ ...toOrder(stack.id, order), wait: false }))
  if (started)
    return (
      <StackProgress
        started={started}
        onClose={onClose}
        onBack={() => {
          setStarted(null)
          setCheck(null)
        }}
      />
    )
  if (check)
    return (
      <div className={c.form}>
        <StackReview check={check} serviceId={idOf(form)} start={form.start} />
        <Failure error={deploy.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={() => setCheck(null)}>
            {t('back')}
          </Button>
          <Button onClick={() => void deploy.run(form, setStarted)} loading={deploy.isRunning}>
            {t(form.start ? 'review.deploy' : 'review.copy')}
          </Button>
        </footer>
      </div>
    )
  return (
    <Answers
      stack={stack}
      form={form}
      change={(part) => setForm((before) => ({ ...before, ...part }))}
      onChecked={setCheck}
      onBack={onBack}
      onClose={onClose}
    />
  )
}

/** Deploys a ready-made stack: its questions, what will happen, and how far it is. */
export function StackWizard({ stackId, ...props }: { stackId: StackId; onBack: () => void; onClose: () => void }) {
  // Asked anew each time: what is suggested must be free now.
  const stacks = useQuery(api.stacks.list.queryOptions({ refetchOnMount: 'always', gcTime: 0 }))
  const { report, error } = useGpus()
  const areGpusKnown = error !== null || (report !== null && report.state !== 'starting')
  return (
    <Loaded query={stacks.isFetching ? { ...stacks, data: undefined, error: null } : stacks}>
      {(all) => {
        const stack = all.find(({ id }) => id === stackId)
        return stack && areGpusKnown ? <Stages stack={stack} {...props} /> : <Loading rows={5} height={32} />
      }}
    </Loaded>
  )
}
