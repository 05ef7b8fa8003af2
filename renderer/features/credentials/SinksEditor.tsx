import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isKeyed, Requirement, SecretField, SinkType, type Scheme } from '../../../shared/contract'
import c from './Credentials.module.css'
import {
  emptyRow,
  endSessions,
  endsSessions,
  fieldsOf,
  hasOwnField,
  sinkTypesOf,
  type RowIssues,
  type SinkRow,
} from './sink-rows'
import { Tooltip } from '../../ui/Tooltip'

interface SinksEditorProps {
  scheme: Scheme
  rows: readonly SinkRow[]
  onChange: (rows: SinkRow[]) => void
  /** What is wrong with each line; empty until the form was sent once. */
  issues: readonly RowIssues[]
}

/** The files that must hold a secret, one line each. */
export function SinksEditor({ scheme, rows, onChange, issues }: SinksEditorProps) {
  const { t } = useTranslation('credentials')
  const nextKey = Math.max(0, ...rows.map((row) => row.key)) + 1
  return (
    <div className={c.sinks}>
      {rows.length === 0 && <p className={c.text}>{t('sinks.none')}</p>}
      {rows.map((row, index) => (
        <SinkFields
          key={row.key}
          scheme={scheme}
          row={row}
          number={index + 1}
          issues={issues[index] ?? {}}
          onChange={(change) => onChange(rows.map((one) => (one.key === row.key ? { ...one, ...change } : one)))}
          onRemove={() => onChange(rows.filter((one) => one.key !== row.key))}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => onChange([...rows, emptyRow(nextKey, scheme)])}
      >
        {t('sinks.add')}
      </Button>
      {scheme === 'comfyui-login' && rows.length > 0 && (
        <Checkbox
          label={t('sinks.endSessions')}
          description={t('sinks.endSessionsNote')}
          checked={endsSessions(rows)}
          onChange={(event) => onChange(endSessions(rows, event.currentTarget.checked, nextKey))}
        />
      )}
    </div>
  )
}

interface SinkFieldsProps {
  scheme: Scheme
  row: SinkRow
  number: number
  issues: RowIssues
  onChange: (change: Partial<SinkRow>) => void
  onRemove: () => void
}

/** Which part of the secret stands there, and what the file asks of a service: both may be left to Regie. */
function FieldAndRequirement({ scheme, row, onChange }: Pick<SinkFieldsProps, 'scheme' | 'row' | 'onChange'>) {
  const { t } = useTranslation('credentials')
  return (
    <>
      {!hasOwnField(row.type) && (
        <Select
          label={t('sinks.field')}
          data={[
            { value: '', label: t('sinks.fieldAuto') },
            ...fieldsOf[scheme].map((value) => ({ value, label: t(`field.${value}`) })),
          ]}
          value={row.field}
          onChange={(value) => onChange({ field: value === '' ? '' : SecretField.parse(value) })}
        />
      )}
      <Select
        label={t('sinks.requires')}
        data={[
          { value: '', label: t('sinks.requiresAuto') },
          ...Requirement.options.map((value) => ({ value, label: t(`sinks.requiresWords.${value}`) })),
        ]}
        value={row.requires}
        onChange={(value) => onChange({ requires: value === '' ? '' : Requirement.parse(value) })}
      />
    </>
  )
}

function SinkFields({ scheme, row, number, issues, onChange, onRemove }: SinkFieldsProps) {
  const { t } = useTranslation('credentials')
  return (
    <fieldset className={c.sink}>
      <legend>{t('sinks.legend', { number })}</legend>
      <div className={c.sinkHead}>
        <Select
          label={t('sinks.type')}
          data={sinkTypesOf(scheme).map((value) => ({ value, label: t(`sinks.types.${value}`) }))}
          value={row.type}
          onChange={(value) => onChange({ type: SinkType.parse(value) })}
        />
        <Tooltip label={t('sinks.remove', { number })}>
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={t('sinks.remove', { number })}>
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <TextInput
        label={t('sinks.path')}
        description={t('sinks.pathNote')}
        value={row.path}
        onChange={(event) => onChange({ path: event.currentTarget.value })}
        error={issues.path && t(`sinks.issues.${issues.path}`)}
        spellCheck={false}
        className={c.machine}
      />
      <div className={c.sinkRow}>
        {isKeyed(row.type) && (
          <TextInput
            label={t(`sinks.keys.${row.type}`)}
            value={row.variable}
            onChange={(event) => onChange({ variable: event.currentTarget.value })}
            error={issues.variable && t(`sinks.issues.${issues.variable}`)}
            spellCheck={false}
            className={c.machine}
          />
        )}
        <FieldAndRequirement scheme={scheme} row={row} onChange={onChange} />
      </div>
    </fieldset>
  )
}
