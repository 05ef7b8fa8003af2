import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Gpu, Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { formatGiBNumber } from '../../../i18n/format'
import { GrowingText } from '../../../ui/GrowingText'
import { useGpus } from '../../gpus/useGpus'
import { CredentialChoice } from '../connection/CredentialChoice'
import { TestButton, TestResult, useConnectionTest } from '../connection/ConnectionTest'
import { typedSecret } from '../connection/credential-draft'
import connection from '../connection/Connection.module.css'
import type { EditField, EditForm } from './edit-form'
import { Field, Section } from './Field'
import { fitsLines } from './given-spelling'
import { PlainSecrets } from './PlainSecrets'
import type { Editing } from './useEditing'
import { Variables } from './Variables'
import c from './Edit.module.css'

interface PartProps {
  editing: Editing
}

/** Text fields all work alike: what is typed, what is wrong with it, and whether it was changed. */
type TextField = { [F in EditField]: EditForm[F] extends string ? F : never }[EditField]

interface TextProps extends PartProps {
  field: TextField
  note?: string
  hint?: string
  placeholder?: string
  isMono?: boolean
  /** Lines, where it is more than one. */
  rows?: number
  isReadOnly?: boolean
}

function Text({ editing, field, note, hint, placeholder, isMono = false, rows, isReadOnly = false }: TextProps) {
  const { t } = useTranslation('edit')
  const { form, change, changed, issueOf } = editing
  const issue = issueOf(field)
  const shared = {
    value: form[field],
    error: issue !== undefined,
    'aria-label': t(`field.${field}`),
    readOnly: isReadOnly,
    spellCheck: false,
    ...(placeholder !== undefined && { placeholder }),
    ...(isMono && { classNames: { input: 'mono' } }),
  }
  return (
    <Field
      {...{ field, changed, issue }}
      onFix={(fix) => change({ [field]: fix })}
      {...(note !== undefined && { note })}
      {...(hint !== undefined && { hint })}
    >
      {rows === undefined ? (
        <TextInput {...shared} onChange={(event) => change({ [field]: event.currentTarget.value })} />
      ) : (
        <GrowingText
          {...shared}
          least={rows}
          most={12}
          onChange={(event) => change({ [field]: event.currentTarget.value })}
        />
      )}
    </Field>
  )
}

/** How people keep the service. */
export function GeneralPart({ editing }: PartProps) {
  const { t } = useTranslation('edit')
  const { form, change, changed, service } = editing
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const known = [...new Set(services.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b))
  return (
    <Section title={t('part.general')}>
      <Text editing={editing} field="name" placeholder={service.id} />
      <Field {...{ field: 'tags', changed }}>
        <TagsInput
          data={known}
          value={form.tags}
          onChange={(tags) => change({ tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== '') })}
          maxTags={16}
          isDuplicate={(tag, all) => all.some((one) => one.toLowerCase() === tag.trim().toLowerCase())}
          placeholder={form.tags.length < 16 ? t('addTag') : ''}
          aria-label={t('field.tags')}
        />
      </Field>
      <Text editing={editing} field="order" hint={t('hint.order')} />
      <Field {...{ field: 'wake', changed }} hint={t('hint.wake')}>
        <Switch
          checked={form.wake}
          onChange={(event) => change({ wake: event.currentTarget.checked })}
          label={t(form.wake ? 'wake.on' : 'wake.off')}
        />
      </Field>
    </Section>
  )
}

/** Where the service is, and how Regie signs in there. */
export function ConnectionPart({ editing }: PartProps) {
  const { t } = useTranslation('edit')
  const { form, change, changed, issueOf, service, draft, setDraft, isChecked } = editing
  const issue = issueOf('url')
  const test = useConnectionTest({
    ...{ kind: service.kind, url: form.url, credentialId: draft ? '' : form.credentialId },
    secret: draft ? typedSecret(draft) : undefined,
  })
  return (
    <Section title={t('part.connection')}>
      <Field {...{ field: 'url', changed, issue }} onFix={(url) => change({ url })}>
        <div className={connection.withButton}>
          <TextInput
            value={form.url}
            onChange={(event) => change({ url: event.currentTarget.value })}
            error={issue !== undefined}
            aria-label={t('field.url')}
            classNames={{ input: 'mono' }}
            spellCheck={false}
          />
          <TestButton test={test} />
        </div>
        <TestResult test={test} />
      </Field>
      <Field field="credentialId" changed={draft ? [...changed, 'credentialId'] : changed}>
        <CredentialChoice
          kind={service.kind}
          credentialId={form.credentialId}
          onChoose={(credentialId) => change({ credentialId })}
          draft={draft}
          onDraft={setDraft}
          isChecked={isChecked}
        />
      </Field>
    </Section>
  )
}

const freeOf = ({ memoryFreeMiB: free, memoryTotalMiB: total }: Gpu) =>
  free === null || total === null ? null : { free: formatGiBNumber(free), total: formatGiBNumber(total) }

/** GPUs by name with index and free memory; one that is not there now stays to be seen. */
function GpuField({ editing }: PartProps) {
  const { t } = useTranslation('edit')
  const { form, change, changed, service } = editing
  const gpus = useGpus().report?.gpus ?? []
  const shown = (gpu: Gpu) => {
    const memory = freeOf(gpu)
    const name = t('gpu.named', { name: gpu.name, index: gpu.index })
    return memory ? `${name}, ${t('gpu.free', memory)}` : name
  }
  const isAbsent = form.gpuUuid !== '' && !gpus.some(({ uuid }) => uuid === form.gpuUuid)
  return (
    <Field {...{ field: 'gpuUuid', changed }} hint={t(service.runtime === 'process' ? 'hint.gpu' : 'hint.gpuShown')}>
      <Select
        data={[
          { value: '', label: t('none') },
          ...gpus.map((gpu) => ({ value: gpu.uuid, label: shown(gpu) })),
          ...(isAbsent ? [{ value: form.gpuUuid, label: t('gpu.absent') }] : []),
        ]}
        renderOption={({ option }) => (
          <span className={c.gpu}>
            <span className={option.label === t('gpu.absent') ? 'dim' : ''}>{option.label}</span>
            {option.value !== '' && <span className={`mono ${c.uuid}`}>{option.value}</span>}
          </span>
        )}
        value={form.gpuUuid}
        onChange={(gpuUuid) => change({ gpuUuid: gpuUuid ?? '' })}
        allowDeselect={false}
        aria-label={t('field.gpuUuid')}
      />
      {form.gpuUuid !== '' && <span className={`mono ${c.uuid}`}>{form.gpuUuid}</span>}
    </Field>
  )
}

/** How a native program is run. */
function ProgramPart({ editing }: PartProps) {
  const { t } = useTranslation('edit')
  const { service } = editing
  const fits = fitsLines(service.process?.args ?? [])
  return (
    <Section title={t('part.program')}>
      <GpuField editing={editing} />
      <Text editing={editing} field="command" isMono />
      <Text
        editing={editing}
        field="args"
        note={t('note.lines')}
        hint={t(fits ? 'hint.args' : 'hint.argsUnfit')}
        isReadOnly={!fits}
        isMono
        rows={3}
      />
      <Text editing={editing} field="cwd" isMono hint={t('hint.cwd')} />
      <Variables editing={editing} />
      <PlainSecrets editing={editing} />
    </Section>
  )
}

/** Which Compose service it is. */
function ProjectPart({ editing }: PartProps) {
  const { t } = useTranslation('edit')
  return (
    <Section title={t('part.project')}>
      <GpuField editing={editing} />
      <Text editing={editing} field="file" isMono />
      <Text editing={editing} field="composeService" isMono />
      <Text editing={editing} field="overrides" note={t('note.lines')} isMono rows={1} />
      <Text editing={editing} field="profiles" note={t('note.commas')} isMono />
      <Text editing={editing} field="project" isMono hint={t('hint.project')} />
      <Text editing={editing} field="envFile" isMono hint={t('hint.envFile')} />
    </Section>
  )
}

/** What stands below the connection, by how the service is run. */
export function RuntimePart({ editing }: { editing: Editing }) {
  const { t } = useTranslation('edit')
  const { runtime }: Pick<Service, 'runtime'> = editing.service
  switch (runtime) {
    case 'process':
      return <ProgramPart editing={editing} />
    case 'compose':
      return <ProjectPart editing={editing} />
    case 'simulator':
    case 'external':
      return (
        <Section title={t('part.machine')}>
          <GpuField editing={editing} />
        </Section>
      )
  }
}
