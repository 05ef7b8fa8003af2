import { Button, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceKind } from '../../../../shared/contract'
import { kindIds, kinds } from '../../../../shared/kinds'
import { applyEvent } from '../../../api/cache'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { navigate } from '../../../ui/route'
import { Failure } from '../../../api/Failure'
import { emptyForm, issuesOf, toConfig, usualUrl, type FormIssue, type ServiceForm } from '../new-service'
import c from './Add.module.css'
import { useFirstFocus } from './useFirstFocus'

type Change = (change: Partial<ServiceForm>) => void

interface FieldsProps {
  form: ServiceForm
  change: Change
  errorOf: (...issues: FormIssue[]) => string | undefined
}

function KindField({ form, change }: Omit<FieldsProps, 'errorOf'>) {
  const { t } = useTranslation(['services', 'common'])
  /** A typed address is kept; one that was only suggested follows the choice. */
  const choose = (kind: ServiceKind) => {
    const isSuggested = form.url === usualUrl(form.kind, form.runtime)
    change({ kind, ...(isSuggested && { url: usualUrl(kind, form.runtime) }) })
  }
  return (
    <div className={c.field}>
      <span className={c.label}>{t('add.kind')}</span>
      <SegmentedControl<ServiceKind>
        fullWidth
        data={kindIds.map((value) => ({ value, label: kinds[value].name }))}
        value={form.kind}
        onChange={choose}
        aria-label={t('add.kind')}
      />
    </div>
  )
}

function ProcessFields({ form, change, errorOf }: FieldsProps) {
  const { t } = useTranslation('services')
  return (
    <>
      <TextInput
        label={t('add.command')}
        placeholder="python"
        value={form.command}
        onChange={(event) => change({ command: event.currentTarget.value })}
        error={errorOf('command')}
        classNames={{ input: 'mono' }}
      />
      <Textarea
        label={t('add.args')}
        placeholder={'main.py\n--port\n8188'}
        value={form.args}
        onChange={(event) => change({ args: event.currentTarget.value })}
        rows={3}
        classNames={{ input: 'mono' }}
      />
      <TextInput
        label={t('add.cwd')}
        value={form.cwd}
        onChange={(event) => change({ cwd: event.currentTarget.value })}
        classNames={{ input: 'mono' }}
      />
      <Textarea
        label={t('add.env')}
        placeholder="CUDA_DEVICE_ORDER=PCI_BUS_ID"
        value={form.env}
        onChange={(event) => change({ env: event.currentTarget.value })}
        rows={2}
        error={errorOf('env')}
        classNames={{ input: 'mono' }}
      />
    </>
  )
}

function useAddService(form: ServiceForm, onClose: () => void) {
  const cache = useQueryClient()
  const start = useMutation(api.services.start.mutationOptions())
  return useMutation(
    api.services.create.mutationOptions({
      meta: { quiet: true },
      onSuccess: (service) => {
        applyEvent(cache, { type: 'service', service })
        if (form.runtime !== 'external' && form.startNow) start.mutate({ id: service.id })
        onClose()
        navigate('services', service.id)
      },
    }),
  )
}

function CredentialField({ form, change }: Omit<FieldsProps, 'errorOf'>) {
  const { t } = useTranslation('services')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  return (
    <Select
      label={t('fact.credential')}
      description={t('add.credentialNote')}
      data={[
        { value: '', label: t('add.noCredential') },
        ...credentials.map(({ id, scheme }) => ({ value: id, label: `${id} (${scheme})` })),
      ]}
      value={form.credentialId}
      onChange={(credentialId) => change({ credentialId: credentialId ?? '' })}
    />
  )
}

/** What is being filled in, until the service is there; what is wrong is said once it was to be sent. */
function useServiceForm(empty: ServiceForm, onClose: () => void) {
  const { t } = useTranslation('services')
  const [form, setForm] = useState(empty)
  const [wasSent, setWasSent] = useState(false)
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const add = useAddService(form, onClose)
  const change: Change = (part) => setForm((before) => ({ ...before, ...part }))
  const issues = issuesOf(
    form,
    services.map(({ id }) => id),
  )
  const errorOf = (...wanted: FormIssue[]) => {
    const issue = wanted.find((one) => issues.has(one))
    return wasSent && issue ? t(`add.issue.${issue}`) : undefined
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    if (issues.size === 0) add.mutate(toConfig(form))
    else focusFirstInvalid(event.currentTarget)
  }
  return { form, change, errorOf, send, add }
}

interface PlainFormProps {
  runtime: ServiceForm['runtime']
  kind: ServiceKind
  onBack: () => void
  onClose: () => void
}

/** Adds a service that is no Compose project: one that runs elsewhere, a program of this machine, or a simulated one. */
export function PlainForm({ runtime, kind, onBack, onClose }: PlainFormProps) {
  const { t } = useTranslation(['services', 'common', 'add'])
  const { form, change, errorOf, send, add } = useServiceForm(emptyForm(runtime, kind), onClose)
  const step = useFirstFocus<HTMLFormElement>()
  return (
    <form ref={step} className={c.form} onSubmit={send} noValidate>
      <p className={c.lead}>{t(`add.runtimeNotes.${form.runtime}`)}</p>
      <KindField form={form} change={change} />
      <TextInput
        label={t('add.id')}
        description={t('add.idNote')}
        placeholder={`${form.kind}-studio`}
        value={form.id}
        onChange={(event) => change({ id: event.currentTarget.value.toLowerCase() })}
        error={errorOf('id', 'idTaken')}
        data-autofocus
      />
      <TextInput
        label={t('fact.address')}
        value={form.url}
        onChange={(event) => change({ url: event.currentTarget.value.trim() })}
        error={errorOf('url')}
        classNames={{ input: 'mono' }}
      />
      {form.runtime === 'process' && <ProcessFields form={form} change={change} errorOf={errorOf} />}
      <CredentialField form={form} change={change} />
      {form.runtime !== 'external' && (
        <Switch
          label={t('add.startNow')}
          checked={form.startNow}
          onChange={(event) => change({ startNow: event.currentTarget.checked })}
        />
      )}
      <Failure error={add.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('add:back')}
        </Button>
        <Button type="submit" loading={add.isPending}>
          {t('add.submit')}
        </Button>
      </footer>
    </form>
  )
}
