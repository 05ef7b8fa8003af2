import { ActionIcon, SegmentedControl, Switch, TextInput } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { formatInteger } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { saveText, toText } from './files'
import { Lines, PickedTools, Sources } from './LogPane'
import type { LevelFilter } from './selection'
import { usePane, type Pane } from './usePane'
import c from './LogPane.module.css'
import { Tooltip } from '../../ui/Tooltip'

const levels = ['all', 'warnings', 'panel'] as const satisfies LevelFilter[]

/** Lines from before. */
const tail = 2000

function ShortTools({
  services,
  search,
  setSearch,
  input,
  level,
  setLevel,
  follow,
  setFollow,
  selection,
  count,
}: Pane) {
  const { t } = useTranslation('services')
  return (
    <div className={c.shortTools}>
      <TextInput
        ref={input}
        value={search.text}
        onChange={(event) => setSearch({ text: event.currentTarget.value })}
        placeholder={t('log.find')}
        aria-label={t('log.find')}
        leftSection={<IconSearch size={14} />}
        className={c.shortFind}
      />
      <SegmentedControl<(typeof levels)[number]>
        data={levels.map((value) => ({ value, label: t(`log.filter.${value}`) }))}
        value={level === 'errors' ? 'all' : level}
        onChange={setLevel}
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
          disabled={count === 0}
          onClick={() => saveText(`${services[0]}.log`, toText(selection.rows))}
        >
          <IconDownload size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

/** What a service wrote lately, with Regie's own lines in between, for a place among other panels. */
export function ShortLog({ serviceId, className }: { serviceId: string; className?: string | undefined }) {
  const { t } = useTranslation('services')
  const pane = usePane([serviceId], tail, true)
  const { logs, selection, picked, count } = pane
  const shown = selection.rows.length
  const note =
    shown < count
      ? t('log.found', { count: shown, n: formatInteger(shown) })
      : logs.isLive
        ? t('log.live')
        : t('log.waiting')
  return (
    <div className={`${c.short} ${className}`} onKeyDown={pane.onKeyDown}>
      <Panel
        title={t('log.title')}
        note={note}
        fill
        flush
        className={c.panel}
        action={picked.count > 0 ? <PickedTools picked={picked} /> : <ShortTools {...pane} />}
      >
        <Sources {...pane} />
        <Lines pane={pane} showsTimes wraps nothingShown={t('log.nothingFound')} />
      </Panel>
    </div>
  )
}
