import { Button, Checkbox, Modal, SegmentedControl, Select, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key, Limits } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { useSecretCall } from '../../api/useSecretCall'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import { useReturnFocus } from '../../ui/useReturnFocus'
import dialog from '../../ui/Dialog.module.css'
import c from './KeyDialogs.module.css'
import { LimitFields, useLimitFields } from './LimitFields'
import type { KeyOwner } from './owner'
import { endOfDay } from './rows'

const noLimits: Limits = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }

const dayMs = 24 * 3_600_000
const spans = ['none', '30', '90', '365', 'date'] as const
type Span = (typeof spans)[number]

interface Draft {
  name: string
  /** Null: all services, those to come included. */
  services: readonly string[] | null
  span: Span
  /** The last day, as a date field has it. */
  date: string
  panel: boolean
}

/** When a key of a draft ends: null for never, undefined where that is not said yet. */
function endOfDraft({ span, date }: Draft, now: number): number | null | undefined {
  if (span === 'none') return null
  if (span !== 'date') return now + Number(span) * dayMs
  const end = endOfDay(date)
  return end !== null && end > now ? end : undefined
}

/** What is missing in a draft, by its field. */
function keyIssues(draft: Draft, taken: readonly string[], now: number) {
  const name = draft.name.trim()
  return {
    name: name === '' ? 'new.nameNeeded' : taken.includes(name) ? 'new.nameTaken' : null,
    services: draft.services?.length === 0 ? 'new.someNeeded' : null,
    until: endOfDraft(draft, now) === undefined ? 'new.dateNeeded' : null,
  } as const
}

interface PartProps {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
  error: string | null
}

/** All services, or those that are ticked. */
function Services({ draft, onChange, error }: PartProps) {
  const { t } = useTranslation('keys')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const chosen = draft.services
  return (
    <fieldset className={dialog.field}>
      <legend>{t('new.services')}</legend>
      <SegmentedControl
        aria-label={t('new.services')}
        data={[
          { value: 'all', label: t('new.all') },
          { value: 'some', label: t('new.some') },
        ]}
        value={chosen === null ? 'all' : 'some'}
        onChange={(value) => onChange({ services: value === 'all' ? null : [] })}
      />
      {chosen !== null && (
        <ul className={c.choices}>
          {services.map((service) => (
            <li key={service.id}>
              <Checkbox
                label={serviceName(service)}
                checked={chosen.includes(service.id)}
                onChange={(event) =>
                  onChange({
                    services: event.currentTarget.checked
                      ? [...chosen, service.id]
                      : chosen.filter((id) => id !== service.id),
                  })
                }
                {...(error !== null && { 'aria-invalid': true })}
              />
            </li>
          ))}
        </ul>
      )}
      {error !== null && <p className={c.error}>{error}</p>}
    </fieldset>
  )
}

function Until({ draft, onChange, error }: PartProps) {
  const { t } = useTranslation('keys')
  const label: Record<Span, string> = {
    none: t('new.noEnd'),
    30: t('new.days', { count: 30 }),
    90: t('new.days', { count: 90 }),
    365: t('new.year'),
    date: t('new.custom'),
  }
  return (
    <div className={c.until}>
      <Select
        label={t('new.until')}
        data={spans.map((value) => ({ value, label: label[value] }))}
        value={draft.span}
        onChange={(value) => {
          const span = spans.find((one) => one === value)
          if (span) onChange({ span })
        }}
      />
      {draft.span === 'date' && (
        <TextInput
          type="date"
          label={t('new.date')}
          value={draft.date}
          onChange={(event) => onChange({ date: event.currentTarget.value })}
          error={error}
        />
      )}
    </div>
  )
}

interface NewKeyDialogProps {
  owner: KeyOwner
  /** What the person's keys are called. */
  taken: readonly string[]
  onClose: () => void
  /** The key was made; `secret` is told this once. */
  onMade: (key: Key, secret: string) => void
}

/** The draft of a key: what is wrong with it once it was to be sent, and its sending. */
function useNewKey({ owner, taken, onMade }: Omit<NewKeyDialogProps, 'onClose'>) {
  const { t } = useTranslation('keys')
  const [draft, setDraft] = useState<Draft>({ name: '', services: null, span: 'none', date: '', panel: false })
  const [isChecked, setChecked] = useState(false)
  const [now] = useState(() => Date.now())
  const { fields, limits } = useLimitFields(noLimits)
  const make = useSecretCall(() =>
    client.keys.create({
      ...{ userId: owner.account, name: draft.name.trim(), expiresAt: endOfDraft(draft, Date.now()) ?? null },
      services: draft.services === null ? null : [...draft.services],
      panel: owner.role === 'admin' && draft.panel,
      limits: limits(),
    }),
  )
  const issues = keyIssues(draft, taken, now)
  const error = (field: keyof typeof issues) => {
    const issue = issues[field]
    return isChecked && issue !== null ? t(issue) : null
  }
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setChecked(true)
    if (Object.values(issues).some((issue) => issue !== null)) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    void make.run(undefined, ({ record, key }) => onMade(record, key))
  }
  return { draft, change, error, send, make, fields }
}

/** Makes a key: what it is called and opens, and until when. Mount it while it is open. */
export function NewKeyDialog({ owner, taken, onClose, onMade }: NewKeyDialogProps) {
  const { t } = useTranslation(['keys', 'common'])
  const { draft, change, error, send, make, fields } = useNewKey({ owner, taken, onMade })
  useReturnFocus()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(owner.isMe ? 'new.titleMine' : 'new.title', { name: owner.name })}
      size={520}
    >
      <form className={dialog.dialog} onSubmit={send} noValidate>
        <TextInput
          label={t('new.name')}
          description={t('new.nameHint')}
          placeholder={t('new.namePlaceholder')}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={error('name')}
          maxLength={100}
          autoComplete="off"
          data-autofocus
        />
        <Services draft={draft} onChange={change} error={error('services')} />
        <Until draft={draft} onChange={change} error={error('until')} />
        <fieldset className={c.field}>
          <legend>{t('limits.legend')}</legend>
          <LimitFields {...fields} />
        </fieldset>
        {owner.role === 'admin' && (
          <Switch
            label={t('new.panel')}
            description={t('new.panelNote')}
            checked={draft.panel}
            onChange={(event) => change({ panel: event.currentTarget.checked })}
          />
        )}
        <Failure error={make.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={make.isRunning}>
            {t('new.create')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
