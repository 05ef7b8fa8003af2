import { ActionIcon, CopyButton as Copy } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Copies a text; the icon tells that it was done. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  return (
    <Copy value={text}>
      {({ copied, copy }) => (
        <ActionIcon variant="subtle" color="gray" size={28} onClick={copy} aria-label={label}>
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.6} />}
        </ActionIcon>
      )}
    </Copy>
  )
}
