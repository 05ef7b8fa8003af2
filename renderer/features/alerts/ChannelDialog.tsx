import { Button, Checkbox, Modal, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { alertSeverities } from '../../../shared/alert-rules'
import type { AlertChannel, AlertTarget } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { currentLanguage } from '../../i18n'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Alerts.module.css'
import { readAlertsAgain } from './words'

type Kind = AlertTarget['kind']

const kinds = ['email', 'webhook', 'ntfy', 'discord', 'slack', 'desktop'] as const

/** A target of a kind as it is filled in first. */
function newTarget(kind: Kind): AlertTarget {
  switch (kind) {
    case 'email':
      return {
        ...{ kind, host: '', port: 465, security: 'tls', username: null },
        ...{ from: '', to: [], isPrivate: false },
      }
    case 'webhook':
      return { kind, url: '', isPrivate: false }
    case 'ntfy':
      return { kind, server: 'https://ntfy.sh', topic: '', isPrivate: false }
    case 'desktop':
    case 'discord':
    case 'slack':
      return { kind }
  }
}

interface TargetProps<T extends AlertTarget> {
  target: T
  onChange: (target: T) => void
}

const securities = ['tls', 'starttls', 'none'] as const

function EmailFields({ target, onChange }: TargetProps<Extract<AlertTarget, { kind: 'email' }>>) {
  const { t } = useTranslation('alerts')
  const [to, setTo] = useState(target.to.join(', '))
  const usualPorts = { tls: 465, starttls: 587, none: 25 }
  return (
    <>
      <div className={c.pair}>
        <TextInput
          label={t('form.host')}
          value={target.host}
          onChange={(event) => onChange({ ...target, host: event.currentTarget.value })}
          spellCheck={false}
        />
        <NumberInput
          label={t('form.port')}
          value={target.port}
          min={1}
          max={65_535}
          allowDecimal={false}
          onChange={(port) => typeof port === 'number' && onChange({ ...target, port })}
        />
      </div>
      <div className={c.pair}>
        <Select
          label={t('form.security')}
          data={securities.map((value) => ({ value, label: t(`form.securities.${value}`) }))}
          value={target.security}
          onChange={(security) => security && onChange({ ...target, security, port: usualPorts[security] })}
          allowDeselect={false}
        />
        <TextInput
          label={t('form.username')}
          placeholder={t('form.usernameHint')}
          value={target.username ?? ''}
          onChange={(event) => onChange({ ...target, username: event.currentTarget.value || null })}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <TextInput
        label={t('form.from')}
        value={target.from}
        onChange={(event) => onChange({ ...target, from: event.currentTarget.value })}
        spellCheck={false}
      />
      <TextInput
        label={t('form.to')}
        value={to}
        onChange={(event) => {
          setTo(event.currentTarget.value)
          const all = event.currentTarget.value.split(',').map((one) => one.trim())
          onChange({ ...target, to: all.filter((one) => one !== '') })
        }}
        spellCheck={false}
      />
    </>
  )
}

function TargetFields({ target, onChange }: TargetProps<AlertTarget>) {
  const { t } = useTranslation('alerts')
  switch (target.kind) {
    case 'email':
      return <EmailFields target={target} onChange={onChange} />
    case 'webhook':
      return (
        <TextInput
          label={t('form.url')}
          placeholder="https://hooks.example.org/regie"
          value={target.url}
          onChange={(event) => onChange({ ...target, url: event.currentTarget.value })}
          spellCheck={false}
        />
      )
    case 'ntfy':
      return (
        <div className={c.pair}>
          <TextInput
            label={t('form.server')}
            value={target.server}
            onChange={(event) => onChange({ ...target, server: event.currentTarget.value })}
            spellCheck={false}
          />
          <TextInput
            label={t('form.topic')}
            value={target.topic}
            onChange={(event) => onChange({ ...target, topic: event.currentTarget.value })}
            spellCheck={false}
          />
        </div>
      )
    case 'desktop':
    case 'discord':
    case 'slack':
      return null
  }
}

const hasSecret = (target: AlertTarget): boolean =>
  target.kind !== 'desktop' && (target.kind !== 'email' || target.username !== null)

function SecretField(props: {
  target: AlertTarget
  isKept: boolean
  value: string
  onChange: (value: string) => void
}) {
  const { t } = useTranslation('alerts')
  const { target, isKept, value, onChange } = props
  if (target.kind === 'desktop' || !hasSecret(target)) return null
  const drawn = target.kind === 'webhook' ? 'form.secretDrawn' : null
  const optional = target.kind === 'ntfy' ? 'form.secretOptional' : 'form.secretNew'
  return (
    <PasswordInput
      label={t(`form.secret.${target.kind}`)}
      description={t(isKept ? 'form.secretKept' : (drawn ?? optional))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
    />
  )
}

type Draft = Omit<AlertChannel, 'id' | 'credentialId' | 'sent' | 'failing' | 'waiting'>

/** What is sent there, when, and in which language. */
function When({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useTranslation('alerts')
  return (
    <>
      <div className={c.pair}>
        <Select
          label={t('form.least')}
          data={alertSeverities.map((value) => ({ value, label: t(`severity.${value}`) }))}
          value={draft.least}
          onChange={(least) => least && onChange({ ...draft, least })}
          allowDeselect={false}
        />
        <Select
          label={t('form.language')}
          data={(['en', 'fr'] as const).map((value) => ({ value, label: t(`form.languages.${value}`) }))}
          value={draft.language}
          onChange={(language) => language && onChange({ ...draft, language })}
          allowDeselect={false}
        />
      </div>
      <Switch
        label={t('form.quiet')}
        checked={draft.quiet}
        onChange={(event) => onChange({ ...draft, quiet: event.currentTarget.checked })}
      />
      <Switch
        label={t('form.on')}
        checked={draft.on}
        onChange={(event) => onChange({ ...draft, on: event.currentTarget.checked })}
      />
    </>
  )
}

/** What is filled in, and its sending. */
function useDraft(channel: AlertChannel | null, onClose: () => void) {
  const [draft, setDraft] = useState<Draft>({
    name: channel?.name ?? '',
    on: channel?.on ?? true,
    quiet: channel?.quiet ?? false,
    least: channel?.least ?? 'info',
    language: channel?.language ?? currentLanguage(),
    target: channel?.target ?? newTarget('email'),
  })
  const [secret, setSecret] = useState('')
  const call = useSecretCall(() => {
    const asked = { ...draft, name: draft.name.trim(), ...(secret !== '' && { secret }) }
    return channel ? client.alerts.changeChannel({ ...asked, id: channel.id }) : client.alerts.addChannel(asked)
  })
  const send = () =>
    void call.run(undefined, () => {
      readAlertsAgain()
      onClose()
    })
  return { draft, setDraft, secret, setSecret, send, call }
}

/** Adds a channel, or changes one. Mount it while it is open. */
export function ChannelDialog({ channel, onClose }: { channel: AlertChannel | null; onClose: () => void }) {
  const { t } = useTranslation(['alerts', 'common'])
  const { draft, setDraft, secret, setSecret, send, call } = useDraft(channel, onClose)
  const [isChecked, setChecked] = useState(false)
  useReturnFocus()
  const { target } = draft
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setChecked(true)
    if (draft.name.trim() === '') focusFirstInvalid(event.currentTarget)
    else send()
  }
  return (
    <Modal opened onClose={onClose} title={t(channel ? 'form.editTitle' : 'form.addTitle')} size={520}>
      <form className={c.dialog} onSubmit={submit} noValidate>
        <div className={c.pair}>
          <Select
            label={t('form.kind')}
            data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
            value={target.kind}
            disabled={channel !== null}
            onChange={(kind) => kind && setDraft({ ...draft, target: newTarget(kind) })}
            allowDeselect={false}
          />
          <TextInput
            label={t('form.name')}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            error={isChecked && draft.name.trim() === '' ? t('form.nameNeeded') : null}
            maxLength={60}
            data-autofocus
          />
        </div>
        <TargetFields key={target.kind} target={target} onChange={(next) => setDraft({ ...draft, target: next })} />
        <SecretField
          {...{ target, value: secret, onChange: setSecret }}
          isKept={channel !== null && channel.credentialId !== null}
        />
        {'isPrivate' in target && (
          <Checkbox
            label={t('form.isPrivate')}
            checked={target.isPrivate}
            onChange={(event) => setDraft({ ...draft, target: { ...target, isPrivate: event.currentTarget.checked } })}
          />
        )}
        <When draft={draft} onChange={setDraft} />
        <Failure error={call.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={call.isRunning}>
            {t('form.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
