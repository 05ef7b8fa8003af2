import { Button } from '@mantine/core'
import { IconBraces, IconChevronDown, IconDownload, IconLink, IconTable } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { saveFile } from '../../ui/save-file'
import { showDone } from '../../ui/toast'
import { monthName } from './words'

interface Exported {
  month: string
  range: { from: string; to: string }
  rows: number
}

/** Figures of the month for spreadsheets and scripts. */
export function ExportButton({ month, range, rows }: Exported) {
  const { t } = useTranslation('usage')
  const asJson = async () => {
    const text = JSON.stringify(await client.usage.lines(range), null, 2)
    return new File([text], `regie-usage-${month}.json`, { type: 'application/json' })
  }
  const save = useMutation({
    mutationFn: async (what: 'day' | 'service' | 'json') => {
      saveFile(what === 'json' ? await asJson() : await client.usage.csv({ ...range, per: what }))
    },
  })
  const address = new URL(`/api/v1/usage?by=user&from=${range.from}&to=${range.to}`, location.origin).href
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    showDone(t('export.copied'))
  }
  const entries = (): MenuEntry[] => [
    { type: 'head', key: 'what', label: t('export.what', { month: monthName(month), count: rows }) },
    { type: 'act', key: 'day', label: t('export.csvDay'), icon: IconTable, onClick: () => save.mutate('day') },
    {
      type: 'act',
      key: 'service',
      label: t('export.csvService'),
      icon: IconTable,
      onClick: () => save.mutate('service'),
    },
    { type: 'act', key: 'json', label: t('export.json'), icon: IconBraces, onClick: () => save.mutate('json') },
    { type: 'divider', key: 'line' },
    { type: 'act', key: 'copy', label: t('export.copy'), icon: IconLink, onClick: () => void copy() },
    { type: 'head', key: 'without', label: t('export.without') },
  ]
  return (
    <MenuButton entries={entries}>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        rightSection={<IconChevronDown size={14} aria-hidden />}
        loading={save.isPending}
      >
        {t('export.title')}
      </Button>
    </MenuButton>
  )
}
