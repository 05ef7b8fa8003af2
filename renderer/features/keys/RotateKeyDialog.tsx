import { Button, Modal, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { useReturnFocus } from '../../ui/useReturnFocus'
import dialog from '../../ui/Dialog.module.css'
import { LastUse } from './LastUse'

/** How long the old key may go on, in seconds. */
const graces = ['0', '3600', '86400', '604800'] as const
type Grace = (typeof graces)[number]

interface RotateKeyDialogProps {
  of: Key
  onClose: () => void
  onMade: (key: Key, secret: string) => void
}

/** Puts a new key in the place of one, with a time in which both work. Mount it while it is open. */
export function RotateKeyDialog({ of, onClose, onMade }: RotateKeyDialogProps) {
  const { t } = useTranslation(['keys', 'common'])
  const [grace, setGrace] = useState<Grace>('86400')
  const rotate = useSecretCall(() => client.keys.rotate({ id: of.id, graceS: Number(grace) }))
  useReturnFocus()
  const send = () => void rotate.run(undefined, ({ record, key }) => onMade(record, key))
  return (
    <Modal opened onClose={onClose} title={t('rotate.title', { name: of.name })} size={520}>
      <div className={dialog.dialog}>
        <p>{t('rotate.text')}</p>
        <LastUse of={of.lastUsed} />
        <div className={dialog.field} role="group" aria-label={t('rotate.grace')}>
          <span className={dialog.legend}>{t('rotate.grace')}</span>
          <SegmentedControl
            aria-label={t('rotate.grace')}
            data={graces.map((value) => ({ value, label: t(`rotate.graceOf.${value}`) }))}
            value={grace}
            onChange={setGrace}
          />
        </div>
        <Failure error={rotate.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button onClick={send} loading={rotate.isRunning} data-autofocus>
            {t('rotate.confirm')}
          </Button>
        </footer>
      </div>
    </Modal>
  )
}
