import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceKind } from '../../../shared/contract'
import { firstKind } from '../../../shared/kinds'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { Choose, type Way } from './add/Choose'
import { PlainForm } from './add/PlainForm'
import { ProjectWizard } from './add/ProjectWizard'
import { StackWizard } from './add/StackWizard'

interface AddServiceDialogProps {
  onClose: () => void
  /** Begins there; without it the first question is what to add. */
  way?: Way
  kind?: ServiceKind
}

/** Adds a service: a ready-made stack, a Compose project that is there, or one that runs in another way. */
export default function AddServiceDialog({ onClose, way: first, kind = firstKind }: AddServiceDialogProps) {
  const { t } = useTranslation(['add', 'common'])
  const [way, setWay] = useState<Way | null>(first ?? null)
  useReturnFocus()
  const onBack = () => (first ? onClose() : setWay(null))
  const title = () => {
    switch (way?.way) {
      case undefined:
        return t('common:action.addService')
      case 'stack':
        return t(`stack.${way.stackId}.title`)
      case 'project':
        return t('choose.project')
      case 'plain':
        return t(`choose.${way.runtime}`)
    }
  }
  return (
    <Modal opened onClose={onClose} title={title()} size={640} closeOnClickOutside={way === null}>
      {way === null && <Choose onChoose={setWay} />}
      {way?.way === 'stack' && <StackWizard stackId={way.stackId} onBack={onBack} onClose={onClose} />}
      {way?.way === 'project' && <ProjectWizard onBack={onBack} onClose={onClose} />}
      {way?.way === 'plain' && <PlainForm runtime={way.runtime} kind={kind} onBack={onBack} onClose={onClose} />}
    </Modal>
  )
}
