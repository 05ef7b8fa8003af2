import { Button, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Credential, ServiceKind } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { api } from '../../../api/query'
import { Ago } from '../../../ui/Ago'
import { StatusIcon } from '../../../ui/Status'
import c from './Connection.module.css'
import { emptyDraft, lacksSecret, type CredentialDraft } from './credential-draft'

interface DraftProps {
  kind: ServiceKind
  draft: CredentialDraft
  onChange: (draft: CredentialDraft) => void
  /** Whether what is missing is said. */
  isChecked: boolean
}

function DraftFields({ kind, draft, onChange, isChecked }: DraftProps) {
  const { t } = useTranslation(['edit', 'add'])
  const change = (part: Partial<CredentialDraft>) => onChange({ ...draft, ...part })
  const isHash = kinds[kind].scheme === 'comfyui-login'
  const error = isChecked && lacksSecret(draft) && t('add:issue.secret')
  return (
    <div className={c.draft}>
      <SegmentedControl
        data={[
          { value: 'own', label: t('add:field.passwordOwn') },
          { value: 'generate', label: t('add:field.passwordMade') },
        ]}
        value={draft.isOwn ? 'own' : 'generate'}
        onChange={(value) => change({ isOwn: value === 'own', password: '', token: '' })}
        aria-label={t('credential.secret')}
      />
      <div className={c.two}>
        <TextInput
          label={t('add:field.username')}
          placeholder="regie"
          value={draft.username}
          onChange={(event) => change({ username: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
        {draft.isOwn && (
          <PasswordInput
            label={t('add:project.password')}
            value={draft.password}
            onChange={(event) => change({ password: event.currentTarget.value })}
            error={error}
            autoComplete="new-password"
          />
        )}
      </div>
      {draft.isOwn && isHash && (
        <PasswordInput
          label={t('add:project.token')}
          description={t('add:project.tokenNote')}
          value={draft.token}
          onChange={(event) => change({ token: event.currentTarget.value })}
          autoComplete="new-password"
        />
      )}
      <p className={c.note}>{t(draft.isOwn ? 'credential.ownNote' : 'credential.madeNote')}</p>
    </div>
  )
}

/** How the chosen credential stands. */
function Standing({ credential }: { credential: Credential }) {
  const { t } = useTranslation(['edit', 'common'])
  const { state, sinks, lastProof } = credential
  return (
    <p className={c.standing}>
      <StatusIcon of={state} size={14} />
      <span>
        {t(`common:status.${state}`)}, {t('credential.files', { count: sinks.length })}
        {lastProof && (
          <>
            , {t('credential.verified')} <Ago at={lastProof.at} />
          </>
        )}
      </span>
    </p>
  )
}

interface CredentialChoiceProps {
  kind: ServiceKind
  credentialId: string
  onChoose: (credentialId: string) => void
  /** Null while none is being made. */
  draft: CredentialDraft | null
  onDraft: (draft: CredentialDraft | null) => void
  isChecked: boolean
}

/** Which credential Regie signs in with: one of the vault, or a new one that is saved with the form. */
export function CredentialChoice({ kind, credentialId, onChoose, draft, onDraft, isChecked }: CredentialChoiceProps) {
  const { t } = useTranslation('edit')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const chosen = credentials.find(({ id }) => id === credentialId)
  const unknown = credentialId !== '' && !chosen ? [{ value: credentialId, label: credentialId }] : []
  return (
    <>
      <div className={c.withButton}>
        <Select
          data={[
            { value: '', label: t('none') },
            ...unknown,
            ...credentials.map(({ id, scheme }) => ({ value: id, label: `${id} (${scheme})` })),
          ]}
          value={draft ? '' : credentialId}
          onChange={(id) => onChoose(id ?? '')}
          disabled={draft !== null}
          allowDeselect={false}
          aria-label={t('field.credentialId')}
        />
        {draft ? (
          <Button variant="default" leftSection={<IconX size={16} stroke={1.6} />} onClick={() => onDraft(null)}>
            {t('credential.dontCreate')}
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.6} />}
            onClick={() => onDraft(emptyDraft)}
          >
            {t('credential.create')}
          </Button>
        )}
      </div>
      {draft && <DraftFields kind={kind} draft={draft} onChange={onDraft} isChecked={isChecked} />}
      {chosen && !draft && <Standing credential={chosen} />}
    </>
  )
}
