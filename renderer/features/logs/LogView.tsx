import { ActionIcon, SegmentedControl, Switch, TextInput, Tooltip } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServiceLog } from './useServiceLog'
import { formatInteger } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { ErrorState } from '../../api/Loaded'
import { selectLines, toText, type LogFilter } from './lines'
import { LogLines } from './LogLines'
import c from './LogView.module.css'

const filters = ['all', 'warnings', 'panel'] as const satisfies LogFilter[]

function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Lines of a service, with Regie's own in between. A secret is never shown: its fingerprint stands in its place. */
export function LogView({ serviceId, className }: { serviceId: string; className?: string | undefined }) {
  const { t } = useTranslation('services')
  const { lines, isLive, error } = useServiceLog(serviceId)
  const [filter, setFilter] = useState<LogFilter>('all')
  const [search, setSearch] = useState('')
  const [follow, setFollow] = useState(true)
  const wanted = useDeferredValue(search)
  const shown = useMemo(() => selectLines(lines, filter, wanted), [lines, filter, wanted])
  const note =
    shown === lines
      ? isLive
        ? t('log.live')
        : t('log.waiting')
      : t('log.found', { count: shown.length, n: formatInteger(shown.length) })

  return (
    <Panel
      title={t('log.title')}
      note={note}
      fill
      flush
      className={className}
      action={
        <div className={c.tools}>
          <TextInput
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            placeholder={t('log.find')}
            aria-label={t('log.find')}
            leftSection={<IconSearch size={14} />}
            className={c.search}
          />
          <SegmentedControl<LogFilter>
            data={filters.map((value) => ({ value, label: t(`log.filter.${value}`) }))}
            value={filter}
            onChange={setFilter}
            aria-label={t('log.filterLabel')}
          />
          <Switch
            label={t('log.follow')}
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
            labelPosition="left"
          />
          <Tooltip label={t('log.save')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('log.save')}
              disabled={lines.length === 0}
              onClick={() => save(`${serviceId}.log`, toText(shown))}
            >
              <IconDownload size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      }
    >
      {error !== null && lines.length === 0 ? (
        <ErrorState error={error} />
      ) : lines.length === 0 ? (
        <p className={c.nothing}>{isLive ? t('log.empty') : t('log.waiting')}</p>
      ) : shown.length === 0 ? (
        <p className={c.nothing}>{t('log.nothingFound')}</p>
      ) : (
        <LogLines lines={shown} search={wanted} follow={follow} onFollow={setFollow} />
      )}
    </Panel>
  )
}
