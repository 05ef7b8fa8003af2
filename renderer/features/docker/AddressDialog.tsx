import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../shared/contract'
import { api } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { describeReason } from '../../i18n'
import { Failure } from '../../api/Failure'
import { StatusIcon } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import c from './Docker.module.css'

const examples = {
  linux: 'unix:///var/run/docker.sock',
  windows: 'npipe:////./pipe/docker_engine',
  macos: 'ssh://me@workstation',
} as const

/** Sets the address; `onConnected` once an engine answers there. */
function useAddress(onConnected: () => void) {
  const { t } = useTranslation('docker')
  const cache = useQueryClient()
  return useMutation(
    api.docker.setAddress.mutationOptions({
      meta: { quiet: true },
      onSuccess: (status) => {
        cache.setQueryData(api.docker.engine.queryKey(), status)
        if (status.state !== 'connected') return
        showDone(t('address.done', { version: status.info?.version ?? '' }))
        onConnected()
      },
    }),
  )
}

/** Where the engine is, in place of Docker's own rules. What was set is tried at once, and kept. */
export default function AddressDialog({ engine, onClose }: { engine: EngineStatus; onClose: () => void }) {
  const { t } = useTranslation(['docker', 'common'])
  useReturnFocus()
  const [address, setAddress] = useState(engine.address ?? '')
  const change = useAddress(onClose)
  const unheard = change.data?.state === 'connected' ? undefined : change.data?.reason
  return (
    <Modal opened onClose={onClose} title={t('address.title')} size={520}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ address: address.trim() || null })
        }}
      >
        <p className={c.text}>{t('address.text')}</p>
        <TextInput
          label={t('address.label')}
          description={t('address.forms')}
          placeholder={examples[engine.platform]}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <p className={c.text}>{t('address.power')}</p>
        <Failure error={change.error} />
        {unheard && (
          <div className={c.unheard} role="alert">
            <StatusIcon of="warning" size={16} />
            <p>
              <b>{describeReason(unheard).message}</b> {describeReason(unheard).hint} {t('address.kept')}
            </p>
          </div>
        )}
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          {engine.address !== null && (
            <Button variant="default" onClick={() => change.mutate({ address: null })} disabled={change.isPending}>
              {t('address.rules')}
            </Button>
          )}
          <Button type="submit" loading={change.isPending} disabled={address.trim() === ''}>
            {t('address.use')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
