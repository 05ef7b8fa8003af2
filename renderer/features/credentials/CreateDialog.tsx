import { Button, Modal, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Scheme, Slug, type CredentialInput } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../api/Failure'
import { showDone } from '../../ui/toast'
import { navigate } from '../../ui/route'
import c from './Credentials.module.css'
import { areSound, checkRows, fitRow, toSinkInput, type SinkRow } from './sink-rows'
import { SinksEditor } from './SinksEditor'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import { useSecretCall } from '../../api/useSecretCall'

interface Draft {
  id: string
  scheme: Scheme
  username: string
  isOwn: boolean
  password: string
  token: string
  rows: SinkRow[]
}

const emptyDraft: Draft = {
  id: '',
  scheme: 'comfyui-login',
  username: '',
  isOwn: false,
  password: '',
  token: '',
  rows: [],
}

const toInput = ({ id, scheme, username, isOwn, password, token, rows }: Draft): CredentialInput => ({
  id,
  scheme,
  ...(scheme !== 'token' && username.trim() !== '' ? { username: username.trim() } : {}),
  ...(isOwn && scheme !== 'token' && password !== '' ? { password } : {}),
  ...(isOwn && scheme !== 'basic' && token.trim() !== '' ? { token: token.trim() } : {}),
  sinks: rows.map(toSinkInput),
})

/** What is wrong with the draft, by field; all undefined when it can be sent. */
function findIssues({ id, isOwn, password, token, rows }: Draft, taken: readonly string[]) {
  const idIssue =
    id === ''
      ? ('idMissing' as const)
      : !Slug.safeParse(id).success
        ? ('idInvalid' as const)
        : taken.includes(id)
          ? ('idTaken' as const)
          : undefined
  const sinks = checkRows(rows)
  const isSecretMissing = isOwn && password === '' && token.trim() === ''
  return { id: idIssue, isSecretMissing, sinks, isSound: !idIssue && !isSecretMissing && areSound(sinks) }
}

/** What is being filled in, until it is created; `issues` from the first try on. */
function useCreate(taken: readonly string[], onClose: () => void) {
  const { t } = useTranslation('credentials')
  const [draft, setDraft] = useState(emptyDraft)
  const [isChecked, setChecked] = useState(false)
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const create = useSecretCall((input: CredentialInput) => client.credentials.create(input))
  const found = findIssues(draft, taken)
  const issues = isChecked ? found : null
  const submit = () => {
    setChecked(true)
    if (!found.isSound) return
    void create.run(toInput(draft), ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: api.credentials.list.key() })
      showDone(t('create.created', { id }))
      onClose()
      navigate('credentials', id)
    })
  }
  return { draft, change, issues, create, submit }
}

interface NameAndSchemeProps {
  draft: Draft
  change: (part: Partial<Draft>) => void
  issue: ReturnType<typeof findIssues>['id']
}

function NameAndScheme({ draft, change, issue }: NameAndSchemeProps) {
  const { t } = useTranslation('credentials')
  return (
    <div className={c.twoFields}>
      <TextInput
        label={t('create.id')}
        value={draft.id}
        onChange={(event) => change({ id: event.currentTarget.value.trim() })}
        error={issue && t(`create.${issue}`)}
        title={t('create.idNote')}
        spellCheck={false}
        data-autofocus
      />
      <Select
        label={t('create.scheme')}
        data={Scheme.options.map((value) => ({ value, label: t(`scheme.${value}`) }))}
        value={draft.scheme}
        onChange={(value) => {
          const scheme = Scheme.parse(value)
          change({ scheme, rows: draft.rows.map((row) => fitRow(row, scheme)) })
        }}
      />
    </div>
  )
}

/** Adds a credential: its own secret or a generated one, and the files that it is written to. Mount it while open. */
export function CreateDialog({ taken, onClose }: { taken: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation('credentials')
  const { draft, change, issues, create, submit } = useCreate(taken, onClose)
  const sinks = draft.rows.length
  return (
    <Modal opened onClose={onClose} title={t('create.title')} size={600}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
          focusFirstInvalid(event.currentTarget)
        }}
      >
        <NameAndScheme draft={draft} change={change} issue={issues?.id} />
        <p className={c.text}>{t(`schemeNote.${draft.scheme}`)}</p>
        {draft.scheme !== 'token' && (
          <TextInput
            label={t('create.username')}
            description={t('create.usernameNote')}
            value={draft.username}
            onChange={(event) => change({ username: event.currentTarget.value })}
            autoComplete="off"
          />
        )}
        <SecretFields draft={draft} change={change} isMissing={issues?.isSecretMissing ?? false} />
        <section className={c.section} aria-label={t('create.sinks')}>
          <h3>{t('create.sinks')}</h3>
          <p className={c.text}>{t('create.sinksNote')}</p>
          <SinksEditor
            scheme={draft.scheme}
            rows={draft.rows}
            onChange={(rows) => change({ rows })}
            issues={issues?.sinks ?? []}
          />
        </section>
        <Failure error={create.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('create.cancel')}
          </Button>
          <Button type="submit" loading={create.isRunning}>
            {sinks === 0 ? t('create.submitNoSinks') : t('create.submit', { sinks: t('list.sinks', { count: sinks }) })}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

interface SecretFieldsProps {
  draft: Draft
  change: (part: Partial<Draft>) => void
  isMissing: boolean
}

function SecretFields({ draft, change, isMissing }: SecretFieldsProps) {
  const { t } = useTranslation('credentials')
  const error = isMissing && t('create.secretMissing')
  return (
    <section className={c.section} aria-label={t('create.secret')}>
      <h3>{t('create.secret')}</h3>
      <SegmentedControl
        aria-label={t('create.secret')}
        data={[
          { value: 'generate', label: t('create.generate') },
          { value: 'own', label: t('create.own') },
        ]}
        value={draft.isOwn ? 'own' : 'generate'}
        onChange={(value) => change({ isOwn: value === 'own', password: '', token: '' })}
      />
      {!draft.isOwn && <p className={c.text}>{t('create.generateNote')}</p>}
      {draft.isOwn && draft.scheme !== 'token' && (
        <PasswordInput
          label={t('create.password')}
          description={t('rotate.passwordNote')}
          value={draft.password}
          onChange={(event) => change({ password: event.currentTarget.value })}
          error={error}
          autoComplete="new-password"
        />
      )}
      {draft.isOwn && draft.scheme !== 'basic' && (
        <PasswordInput
          label={t(draft.scheme === 'token' ? 'create.token' : 'create.tokenHash')}
          description={draft.scheme === 'token' ? undefined : t('create.tokenHashNote')}
          value={draft.token}
          onChange={(event) => change({ token: event.currentTarget.value })}
          error={draft.scheme === 'token' && error}
          autoComplete="new-password"
        />
      )}
    </section>
  )
}
