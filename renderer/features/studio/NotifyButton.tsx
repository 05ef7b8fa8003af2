import { ActionIcon } from '@mantine/core'
import { IconBell, IconBellRinging } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showDone, showFailed } from '../../ui/toast'
import { Tooltip } from '../../ui/Tooltip'
import { isNotifying, startNotifying, stopNotifying } from './done-elsewhere'

/** Whether the browser tells when an image is done while the page is not looked at. The desktop's shell does so anyway. */
export function NotifyButton() {
  const { t } = useTranslation('studio')
  const [isOn, setOn] = useState(isNotifying)
  if (!location.protocol.startsWith('http')) return null
  const label = t(isOn ? 'notify.stop' : 'notify.start')
  const toggle = async () => {
    if (isOn) {
      stopNotifying()
      setOn(false)
    } else if (await startNotifying()) {
      setOn(true)
      showDone(t('notify.started'))
    } else showFailed(t('notify.refused'), t('notify.refusedHint'))
  }
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} aria-pressed={isOn} onClick={() => void toggle()}>
        {isOn ? <IconBellRinging size={18} stroke={1.6} /> : <IconBell size={18} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}
