import { ActionIcon, Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { IconEye, IconEyeOff, IconLock, IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Credential, VaultReference } from '../../../../shared/contract'
import { Failure } from '../../../api/Failure'
import { api } from '../../../api/query'
import { useShownSecret } from '../../../api/useShownSecret'
import type { Variable } from './edit-form'
import type { Issue } from './edit-issues'
import { Field, IssueLine } from './Field'
import type { Editing } from './useEditing'
import c from './Edit.module.css'

const shownForMs = 30_000

/** What a credential has to give, as one choice each. */
const partsOf = ({ id, scheme, username }: Credential): VaultReference[] => {
  const fields = {
    token: ['token'],
    basic: ['password', 'username'],
    'comfyui-login': ['token', 'password', 'username'],
  } as const
  return fields[scheme]
    .filter((field) => field !== 'username' || username !== null)
    .map((field) => ({ credentialId: id, field }))
}

const keyOf = ({ credentialId, field }: VaultReference) => (credentialId === '' ? '' : `${credentialId}.${field}`)

/** A secret of the vault: which one, and after a proof of who is there its value, for half a minute. */
function VaultValue({
  name,
  value,
  onChange,
}: {
  name: string
  value: VaultReference
  onChange: (value: VaultReference) => void
}) {
  const { t } = useTranslation('edit')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const { shown, hide, reveal } = useShownSecret(value.credentialId, shownForMs)
  const choices = credentials.flatMap(partsOf)
  const isThere = choices.some((one) => keyOf(one) === keyOf(value))
  const options = isThere || value.credentialId === '' ? choices : [value, ...choices]
  const text = shown?.secret[value.field]
  return (
    <>
      <span className={c.secret}>
        {text === undefined ? (
          <Select
            data={options.map((one) => ({
              value: keyOf(one),
              label: `${one.credentialId}, ${t(`secretField.${one.field}`)}`,
            }))}
            value={keyOf(value)}
            onChange={(key) => onChange(options.find((one) => keyOf(one) === key) ?? value)}
            allowDeselect={false}
            placeholder={t('secret.choose')}
            leftSection={<IconLock size={14} stroke={1.6} aria-hidden />}
            aria-label={t('variable.secretOf', { name })}
            error={value.credentialId === ''}
          />
        ) : (
          <TextInput
            value={text}
            readOnly
            classNames={{ input: 'mono' }}
            aria-label={t('variable.valueOf', { name })}
          />
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          onClick={text === undefined ? reveal.show : hide}
          loading={reveal.isRunning}
          disabled={!isThere}
          aria-label={t(text === undefined ? 'variable.reveal' : 'variable.hide', { name })}
        >
          {text === undefined ? <IconEye size={15} stroke={1.6} /> : <IconEyeOff size={15} stroke={1.6} />}
        </ActionIcon>
      </span>
      <Failure error={reveal.error} />
    </>
  )
}

function Value({
  variable: { name, value },
  onChange,
}: {
  variable: Variable
  onChange: (value: Variable['value']) => void
}) {
  const { t } = useTranslation('edit')
  switch (value.type) {
    case 'text':
      return (
        <TextInput
          value={value.text}
          onChange={(event) => onChange({ type: 'text', text: event.currentTarget.value })}
          classNames={{ input: 'mono' }}
          aria-label={t('variable.valueOf', { name })}
          spellCheck={false}
        />
      )
    case 'vault':
      return (
        <VaultValue name={name} value={value} onChange={(reference) => onChange({ type: 'vault', ...reference })} />
      )
    case 'new':
      return (
        <span className={c.secret}>
          <PasswordInput
            value={value.secret}
            onChange={(event) => onChange({ type: 'new', secret: event.currentTarget.value })}
            placeholder={t('secret.type')}
            leftSection={<IconLock size={14} stroke={1.6} aria-hidden />}
            aria-label={t('variable.secretOf', { name })}
            autoComplete="new-password"
          />
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            onClick={() => onChange({ type: 'vault', credentialId: '', field: 'token' })}
          >
            {t('secret.fromVault')}
          </Button>
        </span>
      )
  }
}

interface RowProps {
  variable: Variable
  issue: Issue | undefined
  onChange: (variable: Variable) => void
  onRemove: () => void
}

function Row({ variable, issue, onChange, onRemove }: RowProps) {
  const { t } = useTranslation('edit')
  const { name, value } = variable
  return (
    <div className={c.variable}>
      <TextInput
        value={name}
        onChange={(event) => onChange({ ...variable, name: event.currentTarget.value })}
        error={issue?.issue === 'variable' || issue?.issue === 'variableTwice'}
        classNames={{ input: 'mono' }}
        aria-label={t('variable.name')}
        spellCheck={false}
      />
      <Value variable={{ ...variable, value }} onChange={(next) => onChange({ ...variable, value: next })} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        onClick={onRemove}
        aria-label={t('variable.remove', { name })}
      >
        <IconX size={15} stroke={1.6} />
      </ActionIcon>
      {issue && <IssueLine issue={issue} onFix={(fix) => onChange({ ...variable, name: fix })} />}
    </div>
  )
}

/** The environment, a row a variable; a secret stands in the vault and is only referred to. */
export function Variables({ editing }: { editing: Editing }) {
  const { t } = useTranslation('edit')
  const { form, change, changed, issueOf } = editing
  const { env } = form
  const add = (value: Variable['value']) =>
    change({ env: [...env, { key: Math.max(0, ...env.map(({ key }) => key)) + 1, name: '', value }] })
  return (
    <Field {...{ field: 'env', changed }} hint={t('hint.env')}>
      <div className={c.env} role="group" aria-label={t('field.env')}>
        {env.map((variable) => (
          <Row
            key={variable.key}
            variable={variable}
            issue={issueOf('env', variable.key)}
            onChange={(next) => change({ env: env.map((one) => (one.key === next.key ? next : one)) })}
            onRemove={() => change({ env: env.filter(({ key }) => key !== variable.key) })}
          />
        ))}
        <span className={c.adds}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => add({ type: 'text', text: '' })}
          >
            {t('variable.add')}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconLock size={14} />}
            onClick={() => add({ type: 'new', secret: '' })}
          >
            {t('variable.addSecret')}
          </Button>
        </span>
      </div>
    </Field>
  )
}
