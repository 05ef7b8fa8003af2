import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFolder, MissingModel, ModelDownloadPlan } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api, queryClient } from '../../api/query'
import { formatSize } from '../../i18n/format'
import { Facts } from '../../ui/Panel'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Models.module.css'

interface Form {
  address: string
  folderId: string
  credentialId: string
  sha256: string
  allowPrivate: boolean
}

const inputOf = ({ address, folderId, credentialId, sha256, allowPrivate }: Form) => ({
  ...{ address, folderId, allowPrivate },
  ...(credentialId !== '' && { credentialId }),
  ...(sha256.trim() !== '' && { sha256: sha256.trim().toLowerCase() }),
})

interface FieldsProps {
  form: Form
  folders: readonly LibraryFolder[]
  onChange: (change: Partial<Form>) => void
}

function Fields({ form, folders, onChange }: FieldsProps) {
  const { t } = useTranslation('library')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const tokens = credentials.filter(({ scheme }) => scheme === 'token')
  return (
    <>
      <TextInput
        label={t('download.address')}
        description={t('download.addressHint')}
        value={form.address}
        onChange={(event) => onChange({ address: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Select
        label={t('download.folder')}
        data={folders.map(({ id, path }) => ({ value: id, label: path }))}
        value={form.folderId}
        onChange={(folderId) => onChange({ folderId: folderId ?? '' })}
        error={folders.length === 0 ? t('download.folderNone') : undefined}
        allowDeselect={false}
        searchable
      />
      <Select
        label={t('download.token')}
        description={t('download.tokenHint')}
        data={[{ value: '', label: t('download.tokenNone') }, ...tokens.map(({ id }) => ({ value: id, label: id }))]}
        value={form.credentialId}
        onChange={(credentialId) => onChange({ credentialId: credentialId ?? '' })}
        allowDeselect={false}
      />
      <TextInput
        label={t('download.hash')}
        value={form.sha256}
        onChange={(event) => onChange({ sha256: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <Checkbox
        label={t('download.private')}
        checked={form.allowPrivate}
        onChange={(event) => onChange({ allowPrivate: event.currentTarget.checked })}
      />
    </>
  )
}

/** What would be fetched, before anything is. */
function Plan({ plan }: { plan: ModelDownloadPlan }) {
  const { t } = useTranslation('library')
  const { name, bytes, hosts, folder, leftBytes, sha256, hashFrom, canResume, runsCode, exists } = plan
  return (
    <>
      {exists && (
        <p className={c.warning} role="alert">
          {t('download.exists')}
        </p>
      )}
      {leftBytes < 0 && (
        <p className={c.warning} role="alert">
          {t('download.noRoom')}
        </p>
      )}
      {runsCode && <p className={c.warning}>{t('file.runsCode')}</p>}
      <Facts
        labelWidth={150}
        rows={[
          [t('download.file'), name],
          [t('download.size'), formatSize(bytes)],
          [t('download.from'), hosts.join(' → ')],
          [t('download.into'), folder],
          [t('download.left'), formatSize(Math.max(0, leftBytes))],
          [
            t('download.hashOf'),
            <span key="hash" className={c.value}>
              {sha256 === null
                ? t('download.hash-none')
                : `${sha256.slice(0, 12)}…, ${t(`download.hash-${hashFrom ?? 'hub'}`)}`}
            </span>,
          ],
          [t('download.resumes'), t(canResume ? 'download.canResume' : 'download.cannotResume')],
        ]}
      />
    </>
  )
}

interface DownloadDialogProps {
  folders: readonly LibraryFolder[]
  /** What is known of it beforehand. */
  asked: Partial<{ address: string } & Pick<MissingModel, 'folder' | 'role'>>
  onClose: () => void
}

/** Asks for an address, shows what it leads to, and begins the download on a person's word. */
export default function DownloadDialog({ folders, asked, onClose }: DownloadDialogProps) {
  const { t } = useTranslation(['library', 'common'])
  useReturnFocus()
  const writable = folders.filter(({ state, writable: can }) => state === 'read' && can)
  const fitting = [
    writable.find(({ folder }) => folder === asked.folder),
    writable.find(({ role }) => role === asked.role),
    writable[0],
  ]
  const [form, setForm] = useState<Form>({
    ...{ address: asked.address ?? '', credentialId: '', sha256: '', allowPrivate: false },
    folderId: fitting.find(Boolean)?.id ?? '',
  })
  const plan = useMutation(api.modelLibrary.plan.mutationOptions({ meta: { quiet: true } }))
  const download = useMutation(
    api.modelLibrary.download.mutationOptions({
      meta: { quiet: true },
      onSuccess() {
        void queryClient.invalidateQueries({ queryKey: api.modelLibrary.downloads.key() })
        showDone(t('download.begun'))
        onClose()
      },
    }),
  )
  const planned = plan.data
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!planned) plan.mutate(inputOf(form))
    else download.mutate({ ...inputOf(form), confirm: { bytes: planned.bytes, name: planned.name } })
  }
  return (
    <Modal opened onClose={onClose} title={t('download.title')} size={560}>
      <form className={c.dialog} onSubmit={send} noValidate>
        {planned ? (
          <Plan plan={planned} />
        ) : (
          <Fields form={form} folders={writable} onChange={(change) => setForm({ ...form, ...change })} />
        )}
        <Failure error={planned ? download.error : plan.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={planned ? plan.reset : onClose}>
            {planned ? t('download.back') : t('common:action.cancel')}
          </Button>
          <Button
            type="submit"
            loading={plan.isPending || download.isPending}
            disabled={
              planned ? planned.exists || planned.leftBytes < 0 : form.address.trim() === '' || form.folderId === ''
            }
          >
            {planned ? t('download.confirm', { size: formatSize(planned.bytes) }) : t('download.look')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
