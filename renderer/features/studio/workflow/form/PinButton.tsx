import { ActionIcon } from '@mantine/core'
import { IconPin, IconPinFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import c from './Form.module.css'

/** Pins an input for everybody, or takes it back among the others. */
export function PinButton({ isOn, name, onClick }: { isOn: boolean; name: string; onClick: () => void }) {
  const { t } = useTranslation('workflow')
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      className={isOn ? c.pinOn : undefined}
      aria-label={t(isOn ? 'pin.off' : 'pin.on', { input: name })}
      aria-keyshortcuts="Alt+P"
      onClick={onClick}
    >
      {isOn ? <IconPinFilled size={14} /> : <IconPin size={14} stroke={1.6} />}
    </ActionIcon>
  )
}
