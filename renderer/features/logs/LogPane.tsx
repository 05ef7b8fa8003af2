import { ActionIcon, Button } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '../../api/Loaded'
import { viewable } from '../../api/page-key'
import { describeReason } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import { saveText, toText } from './files'
import { LogScroller } from './LogScroller'
import { LogSearch, LogTools } from './LogTools'
import { useChoice } from './useChoice'
import { usePane, type Pane } from './usePane'
import c from './LogPane.module.css'
import { Tooltip } from '../../ui/Tooltip'

interface LogPaneProps {
  /** One service, or several, whose lines are merged by their times. */
  services: readonly string[]
  /** Lines of each from before. */
  tail: number
  title: string
}

/** What cannot be read now, and why. */
export function Sources({ services, logs }: Pane) {
  const troubles = services.flatMap((service) => {
    const source = logs.rows.source(service)
    return source?.reason ? [{ service, reason: source.reason }] : []
  })
  return troubles.map(({ service, reason }) => {
    const { message, hint } = describeReason(reason)
    return (
      <p key={service} className={c.trouble} role="status">
        <StatusIcon of="stale" size={15} />
        <span>
          {services.length > 1 && <b>{service}: </b>}
          {message} {hint}
        </span>
      </p>
    )
  })
}

/** What can be done with the lines that are marked. */
export function PickedTools({ picked }: Pick<Pane, 'picked'>) {
  const { t } = useTranslation('logs')
  return (
    <span className={c.picked}>
      <Button
        variant="light"
        size="compact-sm"
        leftSection={picked.isCopied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
        onClick={() => void picked.copy()}
      >
        {picked.isCopied ? t('copied') : t('copy', { count: picked.count, n: formatInteger(picked.count) })}
      </Button>
      <Tooltip label={t('clearSelection')}>
        <ActionIcon variant="subtle" color="gray" size={26} aria-label={t('clearSelection')} onClick={picked.clear}>
          <IconX size={15} />
        </ActionIcon>
      </Tooltip>
    </span>
  )
}

/** Which of several services are shown. */
function Chips({ services, hidden, toggle }: Pane) {
  const { t } = useTranslation('logs')
  return (
    <div className={c.chips} data-chips role="group" aria-label={t('services')}>
      {services.map((service, index) => (
        <button
          key={service}
          type="button"
          className={c.chip}
          aria-pressed={!hidden.has(service)}
          onClick={() => toggle(service)}
        >
          <span className={c.service} data-service={index % 6}>
            {service}
          </span>
        </button>
      ))}
    </div>
  )
}

function Nothing({ services, logs }: Pane) {
  const { t } = useTranslation('logs')
  const sources = services.map((service) => logs.rows.source(service))
  if (!logs.isLive || sources.some((source) => source === undefined)) {
    return (
      <div className={c.loading}>
        <Loading rows={8} />
      </div>
    )
  }
  // Why there is nothing to read is said above already.
  if (sources.every((source) => source?.reason)) return <div className={c.nothing} />
  const isStopped = sources.every((source) => source?.state === 'stopped')
  return <p className={c.nothing}>{isStopped ? t('emptyStopped') : t('empty')}</p>
}

interface LinesProps {
  pane: Pane
  showsTimes: boolean
  wraps: boolean
  /** Said where no line is wanted. */
  nothingShown: string
}

/** The lines, or why there are none. */
export function Lines({ pane, showsTimes, wraps, nothingShown }: LinesProps) {
  const { services, logs, selection, picked, count } = pane
  if (count === 0) return logs.error === null ? <Nothing {...pane} /> : <ErrorState error={logs.error} />
  if (selection.rows.length === 0) return <p className={c.nothing}>{nothingShown}</p>
  return (
    <LogScroller
      selection={selection}
      version={logs.version}
      find={pane.find}
      current={pane.steps.row}
      services={services}
      showsTimes={showsTimes}
      wraps={wraps}
      follow={pane.follow}
      onFollow={pane.setFollow}
      fresh={pane.fresh}
      isPicked={picked.isPicked}
      onPick={picked.pick}
      onKeyDown={pane.onKeyDown}
    />
  )
}

function useNote({ logs, selection, count }: Pane): string | undefined {
  const { t } = useTranslation('logs')
  const shown = selection.rows.length
  if (!logs.isLive) return count > 0 ? t('reconnecting') : undefined
  return shown === count
    ? t('lines', { count, n: formatInteger(count) })
    : t('linesOf', { shown: formatInteger(shown), all: formatInteger(count) })
}

/** The logs of some services: live, searched, filtered, copied, saved. No secret is ever in them. */
export function LogPane({ services, tail, title }: LogPaneProps) {
  const { t } = useTranslation('logs')
  const pane = usePane(services, tail, false)
  const [showsTimes, setTimes] = useChoice('log-times', true)
  const [wraps, setWraps] = useChoice('log-wraps', false)
  const { selection, picked, hidden } = pane
  const { rows, found } = selection
  const [only] = services
  const file =
    services.length === 1 && only !== undefined
      ? viewable(`/api/v1/services/${encodeURIComponent(only)}/logs/file`)
      : null
  return (
    <div className={c.pane} onKeyDown={pane.onKeyDown}>
      <Panel
        title={title}
        note={useNote(pane)}
        fill
        flush
        className={c.panel}
        action={picked.count > 0 ? <PickedTools picked={picked} /> : undefined}
      >
        <div className={c.tools}>
          <LogSearch
            search={{ ...pane.search, isBad: pane.isBad, count: found.length, at: pane.steps.at }}
            input={pane.input}
            onChange={pane.setSearch}
            onStep={pane.step}
          />
          <LogTools
            level={pane.level}
            onLevel={pane.setLevel}
            showsTimes={showsTimes}
            onTimes={setTimes}
            wraps={wraps}
            onWraps={setWraps}
            follow={pane.follow}
            onFollow={pane.setFollow}
            file={file}
            onSave={() => saveText('regie-logs.log', toText(rows))}
            isEmpty={rows.length === 0}
          />
        </div>
        {services.length > 1 && <Chips {...pane} />}
        <Sources {...pane} />
        <Lines
          pane={pane}
          showsTimes={showsTimes}
          wraps={wraps}
          nothingShown={hidden.size === services.length ? t('allHidden') : t('nothingShown')}
        />
      </Panel>
    </div>
  )
}
