import { Button, Modal } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { useSecretCall } from '../../api/useSecretCall'
import { Facts } from '../../ui/Panel'
import { saveFile } from '../../ui/save-file'
import { useReturnFocus } from '../../ui/useReturnFocus'
import dialog from '../../ui/Dialog.module.css'
import c from './Gateway.module.css'

const systems = ['windows', 'macos', 'linux', 'phone'] as const

/** How a device comes to trust the certificates of Regie's own authority. Mount it while it is open. */
export function TrustDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('gateway')
  const authority = useQuery(api.tls.authority.queryOptions())
  const fetched = useSecretCall(() => client.tls.certificate())
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={t('trust.title')} size={560}>
      <div className={dialog.dialog}>
        <p>{t('trust.text')}</p>
        <Loaded query={authority}>
          {({ state, fingerprint }) =>
            state === 'ready' ? (
              <>
                <Button
                  leftSection={<IconDownload size={16} />}
                  loading={fetched.isRunning}
                  onClick={() => void fetched.run(undefined, saveFile)}
                  data-autofocus
                >
                  {t('trust.download')}
                </Button>
                <p className={c.print}>
                  {t('trust.fingerprint')} <code>{fingerprint}</code>
                </p>
              </>
            ) : (
              <p>{t('trust.none')}</p>
            )
          }
        </Loaded>
        <div className={c.whole}>
          <Facts
            labelWidth={80}
            rows={systems.map((one) => [t(`trust.${one}`), <span key={one}>{t(`trust.${one}Text`)}</span>])}
          />
        </div>
        <Failure error={fetched.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('trust.close')}
          </Button>
        </footer>
      </div>
    </Modal>
  )
}
