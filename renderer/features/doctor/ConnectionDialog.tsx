import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Failure } from '../../api/Failure'
import c from './Doctor.module.css'

interface ConnectionDialogProps {
  service: Service
  onClose: () => void
  onSaved: () => void
}

/** Where a service is reached and with which credential. Mount it while open. */
export function ConnectionDialog({ service, onClose, onSaved }: ConnectionDialogProps) {
  const { t } = useTranslation(['doctor', 'common'])
  const { id } = service
  const [url, setUrl] = useState(service.url)
  const [credentialId, setCredentialId] = useState(service.credentialId)
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const update = useMutation(
    api.services.update.mutationOptions({
      meta: { quiet: true },
      onSuccess: () => {
        onClose()
        onSaved()
      },
    }),
  )
  const isSound = /^https?:\/\/[^\s/]+/.test(url.trim()) && URL.canParse(url.trim())
  return (
    <Modal opened onClose={onClose} title={t('connection.title', { id })} size={460}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          if (isSound) update.mutate({ id, credentialId, ...(url.trim() !== service.url && { url: url.trim() }) })
        }}
      >
        <TextInput
          label={t('connection.url')}
          description={t(service.runtime === 'process' ? 'connection.urlNoteProcess' : 'connection.urlNote')}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={isSound ? undefined : t('connection.urlInvalid')}
          spellCheck={false}
          data-autofocus
        />
        <Select
          label={t('connection.credential')}
          placeholder={t('connection.none')}
          data={credentials.map((one) => one.id)}
          value={credentialId}
          onChange={setCredentialId}
          clearable
        />
        <Failure error={update.error} />
        <div className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={!isSound}>
            {t('connection.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
