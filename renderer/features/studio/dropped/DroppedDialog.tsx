import { Button, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parametersOf, type FoundParams } from '../../../../shared/png-parameters'
import { Facts } from '../../../ui/Panel'
import { navigate } from '../../../ui/route'
import { showFailed } from '../../../ui/toast'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import { takeFound } from './take-found'
import c from '../Presets.module.css'

/** Larger files are not read, in bytes. */
const mostBytes = 200 * 2 ** 20

/** Reads the parameters of a dropped image, shows them, and puts them into the form where that is wanted. */
export default function DroppedDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const { t } = useTranslation('studio')
  const [found, setFound] = useState<FoundParams | null>(null)
  useEffect(() => {
    let isGone = false
    const read = async () => {
      const bytes = file.size > mostBytes ? null : new Uint8Array(await file.arrayBuffer())
      const params = bytes && parametersOf(bytes)
      if (isGone) return
      if (params) setFound(params)
      else {
        showFailed(t('dropped.none', { file: file.name.slice(0, 80) }), t('dropped.noneHint'))
        onClose()
      }
    }
    // A folder cannot be read as a file.
    read().catch(() => onClose())
    return () => {
      isGone = true
    }
  }, [file, onClose, t])
  return found && <Offer found={found} name={file.name} onClose={onClose} />
}

function Offer({ found, name, onClose }: { found: FoundParams; name: string; onClose: () => void }) {
  const { t } = useTranslation(['studio', 'common'])
  useReturnFocus()
  const { prompt, negativePrompt, seed, width, height, steps, cfg, sampler, scheduler, checkpoint } = found
  const text = (value: string | number | undefined) => (value === undefined ? null : String(value))
  const use = () => {
    void takeFound(found)
    navigate('studio')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('dropped.title', { file: name.slice(0, 80) })} size={520}>
      <Facts
        labelWidth={124}
        rows={[
          [t('form.prompt'), text(prompt)],
          [t('form.leaveOut'), text(negativePrompt)],
          [t('form.seed'), text(seed)],
          [t('dropped.size'), width !== undefined && height !== undefined ? `${width} × ${height}` : null],
          [t('param.steps'), text(steps)],
          [t('param.cfg'), text(cfg)],
          [t('param.sampler'), text(sampler)],
          [t('param.scheduler'), text(scheduler)],
          [t('param.checkpoint'), text(checkpoint)],
        ]}
      />
      <footer className={c.foot}>
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button data-autofocus onClick={use}>
          {t('dropped.use')}
        </Button>
      </footer>
    </Modal>
  )
}
