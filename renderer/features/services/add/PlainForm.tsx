import { Button, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceConfig, ServiceKind } from '../../../../shared/contract'
import { kindIds, kinds } from '../../../../shared/kinds'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { navigate } from '../../../ui/route'
import { Failure } from '../../../api/Failure'
import { useSecretCall } from '../../../api/useSecretCall'
import { CredentialChoice } from '../connection/CredentialChoice'
import { TestButton, TestResult, useConnectionTest } from '../connection/ConnectionTest'
import connection from '../connection/Connection.module.css'
import { lacksSecret, toCredential, typedSecret, type CredentialDraft } from '../connection/credential-draft'
import { freeId } from '../slug'
import { emptyForm, idOf, issuesOf, toConfig, usualUrl, type FormIssue, type ServiceForm } from '../new-service'
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
  const { t } = useTranslation(['services', 'edit'])
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
        error={errorOf('args')}
        description={t('edit:hint.args')}
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

/** Adds the service, and before it the credential that was filled in with it. */
function useAddService(form: ServiceForm, onClose: () => void) {
  const cache = useQueryClient()
  const start = useMutation(api.services.start.mutationOptions())
  const call = useSecretCall(async ({ config, draft }: { config: ServiceConfig; draft: CredentialDraft | null }) => {
    if (!draft) return client.services.create(config)
    const taken = (await client.credentials.list()).map(({ id }) => id)
    const { id: credentialId } = await client.credentials.create(
      toCredential(freeId(config.id, taken), config.kind, draft),
    )
    // What was made for a service that is not there is nobody's.
    const remove = () => client.credentials.remove({ id: credentialId })
    try {
      return await client.services.create({ ...config, credentialId })
    } catch (error) {
      await remove()
      throw error
    }
  })
  const add = (config: ServiceConfig, draft: CredentialDraft | null) =>
    void call.run({ config, draft }, (service) => {
      applyEvent(cache, { type: 'service', service })
      void cache.invalidateQueries({ queryKey: api.credentials.list.key() })
      if (form.runtime !== 'external' && form.startNow) start.mutate({ id: service.id })
      onClose()
      navigate('services', service.id)
    })
  return { add, isPending: call.isRunning, error: call.error }
}

/** What is being filled in, until the service is there; what is wrong is said once it was to be sent. */
function useServiceForm(empty: ServiceForm, onClose: () => void) {
  const { t } = useTranslation('services')
  const [form, setForm] = useState(empty)
  const [wasSent, setWasSent] = useState(false)
  const [draft, setDraft] = useState<CredentialDraft | null>(null)
  const taken = (useQuery(api.services.list.queryOptions()).data ?? []).map(({ id }) => id)
  const { add, isPending, error } = useAddService(form, onClose)
  const change: Change = (part) => setForm((before) => ({ ...before, ...part }))
  const issues = issuesOf(form, taken)
  const errorOf = (...wanted: FormIssue[]) => {
    const issue = wanted.find((one) => issues.has(one))
    return wasSent && issue ? t(`add.issue.${issue}`) : undefined
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    if (issues.size === 0 && !(draft && lacksSecret(draft))) add(toConfig(form, taken), draft)
    else focusFirstInvalid(event.currentTarget)
  }
  return { form, id: idOf(form, taken), change, errorOf, send, isPending, error, draft, setDraft, wasSent }
}

interface PlainFormProps {
  runtime: ServiceForm['runtime']
  kind: ServiceKind
  onBack: () => void
  onClose: () => void
}

type Form = ReturnType<typeof useServiceForm>

/** Where it is and how Regie signs in there, to be tried before it is added. */
function ConnectionFields({ form, change, errorOf, draft, setDraft, wasSent }: Form) {
  const { t } = useTranslation(['services', 'edit'])
  const { kind, url, credentialId } = form
  const test = useConnectionTest({
    ...{ kind, url, credentialId: draft ? '' : credentialId },
    secret: draft ? typedSecret(draft) : undefined,
  })
  return (
    <>
      <div className={c.field}>
        <div className={connection.withButton}>
          <TextInput
            label={t('fact.address')}
            value={url}
            onChange={(event) => change({ url: event.currentTarget.value.trim() })}
            error={errorOf('url')}
            classNames={{ input: 'mono' }}
          />
          {form.runtime === 'external' && (
            <div className={connection.atFoot}>
              <TestButton test={test} />
            </div>
          )}
        </div>
        <TestResult test={test} />
      </div>
      {form.runtime === 'process' && <ProcessFields form={form} change={change} errorOf={errorOf} />}
      <div className={c.field}>
        <span className={c.label}>{t('fact.credential')}</span>
        <CredentialChoice
          kind={kind}
          credentialId={credentialId}
          onChoose={(chosen) => change({ credentialId: chosen })}
          draft={draft}
          onDraft={setDraft}
          isChecked={wasSent}
        />
      </div>
    </>
  )
}

/** Adds a service that is no Compose project: one that runs elsewhere, a program of this machine, or a simulated one. */
export function PlainForm({ runtime, kind, onBack, onClose }: PlainFormProps) {
  const { t } = useTranslation(['services', 'common', 'add', 'edit'])
  const service = useServiceForm(emptyForm(runtime, kind), onClose)
  const { form, id, change, errorOf, send } = service
  const step = useFirstFocus<HTMLFormElement>()
  return (
    <form ref={step} className={c.form} onSubmit={send} noValidate>
      <p className={c.lead}>{t(`add.runtimeNotes.${form.runtime}`)}</p>
      <KindField form={form} change={change} />
      <TextInput
        label={t('edit:field.name')}
        placeholder={kinds[form.kind].name}
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-autofocus
      />
      <TextInput
        label={t('edit:id')}
        description={t('add.idNote')}
        placeholder={`${form.kind}-studio`}
        value={id}
        onChange={(event) => change({ id: event.currentTarget.value.toLowerCase() })}
        error={errorOf('id', 'idTaken')}
        classNames={{ input: 'mono' }}
      />
      <ConnectionFields {...service} />
      {form.runtime !== 'external' && (
        <Switch
          label={t('add.startNow')}
          checked={form.startNow}
          onChange={(event) => change({ startNow: event.currentTarget.checked })}
        />
      )}
      <Failure error={service.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('add:back')}
        </Button>
        <Button type="submit" loading={service.isPending}>
          {t('add.submit')}
        </Button>
      </footer>
    </form>
  )
}
