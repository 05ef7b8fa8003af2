import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { StatusIcon } from '../../../ui/Status'
import c from './ServiceList.module.css'

interface BulkFailuresProps {
  failures: readonly { id: string; why: string }[]
  onClose: () => void
}

/** What did not work for some of several services; they stay chosen. */
export function BulkFailures({ failures, onClose }: BulkFailuresProps) {
  const { t } = useTranslation('list')
  if (failures.length === 0) return null
  return (
    <div className={c.failures} role="alert">
      <StatusIcon of="failed" size={16} />
      <ul>
        {failures.map(({ id, why }) => (
          <li key={id}>
            <b>{id}</b> {why}
          </li>
        ))}
      </ul>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('bulk.dismiss')} onClick={onClose}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  )
}
