import { ActionIcon, Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Consumer } from '../../../../shared/contract'
import { api, queryClient } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { PanelAction } from '../../../ui/Panel'
import { useIsAdmin } from '../../../api/useSession'
import c from './Policy.module.css'

/** Who must be told of a new secret, as a person wrote it down. */
export function Consumers({ id, consumers }: { id: string; consumers: Consumer[] }) {
  const { t } = useTranslation('policy')
  const isAdmin = useIsAdmin()
  const [isEditing, setEditing] = useState(false)
  return (
    <section className={c.consumers} aria-label={t('consumers.title')}>
      <header>
        <h3>{t('consumers.title')}</h3>
        {isAdmin && !isEditing && <PanelAction onClick={() => setEditing(true)}>{t('consumers.edit')}</PanelAction>}
      </header>
      {isEditing ? (
        <ConsumersForm id={id} consumers={consumers} onClose={() => setEditing(false)} />
      ) : consumers.length === 0 ? (
        <p>{t('consumers.none')}</p>
      ) : (
        <>
          <p>{t('consumers.tell')}</p>
          <ul>
            {consumers.map(({ name, note }, index) => (
              <li key={index}>
                <b>{name}</b>
                {note !== '' && <span className="dim"> {note}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

interface Row extends Consumer {
  key: number
}

/** What is being written, until it is saved. */
function useConsumers(id: string, consumers: Consumer[], onSaved: () => void) {
  const [rows, setRows] = useState<Row[]>(() => {
    const known = consumers.map((consumer, key) => ({ ...consumer, key }))
    return known.length > 0 ? known : [{ name: '', note: '', key: 0 }]
  })
  const [isChecked, setChecked] = useState(false)
  const save = useMutation(
    api.credentials.setConsumers.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(
          api.credentials.rotationPlan.queryKey({ input: { id } }),
          (plan) => plan && { ...plan, consumers: saved },
        )
        onSaved()
      },
    }),
  )
  const change = (key: number, part: Partial<Consumer>) =>
    setRows((now) => now.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const remove = (key: number) => setRows((now) => now.filter((row) => row.key !== key))
  const add = () =>
    setRows((now) => [...now, { name: '', note: '', key: Math.max(-1, ...now.map(({ key }) => key)) + 1 }])
  const submit = () => {
    setChecked(true)
    const kept = rows.map(({ name, note }) => ({ name: name.trim(), note: note.trim() })).filter(isFilled)
    if (kept.every(({ name }) => name !== '')) save.mutate({ id, consumers: kept })
  }
  return { rows, change, remove, add, isChecked, submit, isSaving: save.isPending, error: save.error }
}

const isFilled = ({ name, note }: Consumer) => name !== '' || note !== ''

interface ConsumerRowProps {
  consumer: Consumer
  isChecked: boolean
  onChange: (part: Partial<Consumer>) => void
  onRemove: () => void
}

function ConsumerRow({ consumer: { name, note }, isChecked, onChange, onRemove }: ConsumerRowProps) {
  const { t } = useTranslation('policy')
  return (
    <div className={c.row}>
      <TextInput
        aria-label={t('consumers.name')}
        placeholder={t('consumers.namePlaceholder')}
        maxLength={120}
        value={name}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
        error={isChecked && name.trim() === '' && note.trim() !== '' && t('consumers.missing')}
      />
      <TextInput
        aria-label={t('consumers.note')}
        placeholder={t('consumers.notePlaceholder')}
        maxLength={500}
        value={note}
        onChange={({ currentTarget }) => onChange({ note: currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={name === '' ? t('consumers.removeNew') : t('consumers.remove', { name })}
        onClick={onRemove}
      >
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
    </div>
  )
}

/** No form of its own: it stands inside the one that rotates, whose Enter it must not press. */
function ConsumersForm({ id, consumers, onClose }: { id: string; consumers: Consumer[]; onClose: () => void }) {
  const { t } = useTranslation('policy')
  const { rows, change, remove, add, isChecked, submit, isSaving, error } = useConsumers(id, consumers, onClose)
  return (
    <div
      className={c.rows}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
        event.preventDefault()
        submit()
      }}
    >
      {rows.map((row) => (
        <ConsumerRow
          key={row.key}
          consumer={row}
          isChecked={isChecked}
          onChange={(part) => change(row.key, part)}
          onRemove={() => remove(row.key)}
        />
      ))}
      <Failure error={error} />
      <div className={c.rowActions}>
        <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('consumers.add')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={onClose}>
          {t('consumers.cancel')}
        </Button>
        <Button variant="default" size="compact-sm" loading={isSaving} onClick={submit}>
          {t('consumers.save')}
        </Button>
      </div>
    </div>
  )
}
