import { PasswordInput, SegmentedControl, Select, Switch, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gpu, Stack } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { useGpus } from '../../gpus/useGpus'
import { formatMiB } from '../../../i18n/format'
import c from './Add.module.css'
import { CardNote } from './CardNote'
import { PathField } from './PathField'
import { idOf, type StackField, type StackForm } from './stack-form'
import { Warning } from './Warning'

interface FieldsProps {
  stack: Stack
  form: StackForm
  change: (part: Partial<StackForm>) => void
  errorOf: (field: StackField) => string | undefined
}

function GpuField({ form, change, errorOf }: Omit<FieldsProps, 'stack'>) {
  const { t } = useTranslation('add')
  const gpus = useGpus().report?.gpus ?? []
  const words = (gpu: Gpu) =>
    [gpu.name, gpu.memoryTotalMiB === null ? null : formatMiB(gpu.memoryTotalMiB), gpu.uuid.slice(0, 12)]
      .filter((part) => part !== null)
      .join(' · ')
  return (
    <Select
      label={t('field.gpu')}
      description={gpus.length > 0 ? t('field.gpuNote') : t('field.gpuNone')}
      placeholder={t('field.gpuChoose')}
      data={[
        ...gpus.map((gpu) => ({ value: gpu.uuid, label: words(gpu) })),
        { value: 'none', label: t('field.withoutGpu') },
      ]}
      value={form.gpu === '' ? null : form.gpu}
      onChange={(gpu) => change({ gpu: gpu ?? '' })}
      error={errorOf('gpu')}
      allowDeselect={false}
    />
  )
}

function PasswordFields({ stack, form, change, errorOf }: FieldsProps) {
  const { t } = useTranslation('add')
  return (
    <fieldset className={c.group}>
      <legend>{t('field.password')}</legend>
      <SegmentedControl
        fullWidth
        aria-label={t('field.password')}
        data={[
          { value: 'made', label: t('field.passwordMade') },
          { value: 'own', label: t('field.passwordOwn') },
        ]}
        value={form.isOwnPassword ? 'own' : 'made'}
        onChange={(value) => change({ isOwnPassword: value === 'own', password: '' })}
      />
      <p className={c.note}>{t(`field.passwordNote.${kinds[stack.kind].scheme}`)}</p>
      {form.isOwnPassword && (
        <div className={c.twoFields}>
          <TextInput
            label={t('field.username')}
            placeholder="regie"
            value={form.username}
            onChange={(event) => change({ username: event.currentTarget.value })}
            error={errorOf('username')}
            autoComplete="off"
            spellCheck={false}
          />
          <PasswordInput
            label={t('field.ownPassword')}
            value={form.password}
            onChange={(event) => change({ password: event.currentTarget.value })}
            error={errorOf('password')}
            autoComplete="new-password"
          />
        </div>
      )}
    </fieldset>
  )
}

function MoreFolders({ form, change, errorOf }: Omit<FieldsProps, 'stack'>) {
  const { t } = useTranslation('add')
  const isWanting = errorOf('outputsFolder') !== undefined || errorOf('cacheFolder') !== undefined
  const [isOpened, setOpened] = useState(false)
  const isOpen = isOpened || isWanting
  const I = isOpen ? IconChevronDown : IconChevronRight
  return (
    <div>
      <UnstyledButton className={c.fold} onClick={() => setOpened(!isOpen)} aria-expanded={isOpen}>
        <I size={15} aria-hidden /> {t('field.moreFolders')}
      </UnstyledButton>
      {isOpen && (
        <div className={c.form}>
          {(['outputsFolder', 'cacheFolder'] as const).map((field) => (
            <PathField
              key={field}
              name={t(`field.${field}`)}
              label={t(`field.${field}`)}
              description={t(`field.${field}Note`)}
              placeholder={t('field.besideFiles')}
              value={form[field]}
              onChange={(path) => change({ [field]: path })}
              error={errorOf(field)}
            />
          ))}
        </div>
      )}
    </div>
  )
}

function NameAndPort({ form, change, errorOf }: Omit<FieldsProps, 'stack'>) {
  const { t } = useTranslation('add')
  return (
    <div className={c.nameAndPort}>
      <TextInput
        label={t('field.name')}
        description={idOf(form) === form.name.trim() ? t('field.nameNote') : t('field.nameId', { id: idOf(form) })}
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={errorOf('name')}
        spellCheck={false}
        data-autofocus
      />
      <TextInput
        label={t('field.port')}
        description="127.0.0.1"
        inputMode="numeric"
        value={form.port}
        onChange={(event) => change({ port: event.currentTarget.value.trim() })}
        error={errorOf('port')}
        classNames={{ input: 'mono' }}
      />
    </div>
  )
}

/** Where its models lie, and those of a ComfyUI where it can use them. */
function ModelsFolders({ stack, form, change, errorOf }: FieldsProps) {
  const { t } = useTranslation('add')
  return (
    <>
      <PathField
        name={t('field.modelsFolder')}
        label={t('field.modelsFolder')}
        description={t('field.modelsFolderNote', { gib: stack.modelsGiB })}
        placeholder={t('field.besideFiles')}
        value={form.modelsFolder}
        onChange={(modelsFolder) => change({ modelsFolder })}
        error={errorOf('modelsFolder')}
      />
      {stack.sharesModels && (
        <PathField
          name={t('field.sharedModelsFolder')}
          label={t('field.sharedModelsFolder')}
          description={t('field.sharedModelsFolderNote')}
          placeholder={t('field.none')}
          value={form.sharedModelsFolder}
          onChange={(sharedModelsFolder) => change({ sharedModelsFolder })}
          error={errorOf('sharedModelsFolder')}
        />
      )}
    </>
  )
}

/** What a stack asks of the person who deploys it. */
export function StackFields(props: FieldsProps) {
  const { form, change, errorOf, stack } = props
  const { t } = useTranslation('add')
  return (
    <>
      {stack.isUnmaintained && (
        <Warning>
          <b>{t('unmaintained.title')}</b>
          <p>{t('unmaintained.note')}</p>
        </Warning>
      )}
      <NameAndPort {...props} />
      <PathField
        name={t('field.folder')}
        label={t('field.folder')}
        description={t('field.folderNote')}
        value={form.folder}
        onChange={(folder) => change({ folder })}
        error={errorOf('folder')}
      />
      <GpuField {...props} />
      {errorOf('gpu') === undefined && <CardNote stack={stack} gpu={form.gpu} />}
      <ModelsFolders {...props} />
      <MoreFolders {...props} />
      <PasswordFields {...props} />
      {stack.offersManager && (
        <Switch
          label={t('field.manager')}
          description={t('field.managerNote')}
          checked={form.manager}
          onChange={(event) => change({ manager: event.currentTarget.checked })}
        />
      )}
      <Switch
        label={t('field.start')}
        description={t('field.startNote', { gib: stack.imageGiB })}
        checked={form.start}
        onChange={(event) => change({ start: event.currentTarget.checked })}
      />
    </>
  )
}
