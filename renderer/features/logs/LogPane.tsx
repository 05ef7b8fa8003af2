import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { viewable } from '../../api/page-key'
import { useLogs } from './useLogs'
import { describeReason } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import { saveText, toText } from './files'
import { LogScroller } from './LogScroller'
import { LogSearch, LogTools } from './LogTools'
import type { LogRow } from './rows'
import { createSelector, indexOfRow, toExpression, type LevelFilter, type Selection } from './selection'
import { useChoice } from './useChoice'
import c from './LogPane.module.css'
import { ErrorState } from '../../api/Loaded'

interface LogPaneProps {
  /** One service, or several, whose lines are merged by their times. */
  services: readonly string[]
  /** Lines of each from before. */
  tail: number
  title: string
}

const none: ReadonlySet<string> = new Set()

const toggled = (set: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  set.has(one) ? new Set([...set].filter((other) => other !== one)) : new Set([...set, one])

/** Lines that a person marked: from one to another, by their places. */
interface Picked {
  from: number
  to: number
}

const rowsOf = ({ rows }: Selection, { from, to }: Picked): LogRow[] =>
  rows.filter(({ place }) => place >= Math.min(from, to) && place <= Math.max(from, to))

function usePicked(selection: Selection) {
  const [picked, setPicked] = useState<Picked | null>(null)
  const [isCopied, setCopied] = useState(false)
  // Always the same function: the lines are drawn anew only when they change.
  const pick = useCallback(({ place }: LogRow, event: MouseEvent) => {
    const { shiftKey } = event
    event.preventDefault()
    setCopied(false)
    setPicked((before) => (shiftKey && before ? { ...before, to: place } : { from: place, to: place }))
  }, [])
  return {
    count: picked ? rowsOf(selection, picked).length : 0,
    isCopied,
    isPicked: ({ place }: LogRow) =>
      picked !== null && place >= Math.min(picked.from, picked.to) && place <= Math.max(picked.from, picked.to),
    pick,
    clear: () => setPicked(null),
    async copy() {
      if (!picked) return
      await navigator.clipboard.writeText(toText(rowsOf(selection, picked)))
      setCopied(true)
    },
  }
}

/** Where the search stands among what was found, and its steps. */
function useSteps(selection: Selection, find: RegExp | null) {
  const [current, setCurrent] = useState<{ row: LogRow; find: RegExp } | null>(null)
  const { found } = selection
  const row = current && current.find === find ? current.row : null
  const at = row ? indexOfRow(found, row.place) : -1
  return {
    row: at >= 0 ? row : null,
    at: at + 1,
    /** The first step goes to the newest line that was found. */
    step(by: 1 | -1) {
      if (found.length === 0 || !find) return
      const next = found[at < 0 ? found.length - 1 : (at + by + found.length) % found.length]
      if (next) setCurrent({ row: next, find })
    },
  }
}

/** What cannot be read now, and why. */
function Sources({ services, logs }: { services: readonly string[]; logs: ReturnType<typeof useLogs> }) {
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

/** The logs of some services: live, searched, filtered, copied, saved. No secret is ever in them. */
export function LogPane({ services, tail, title }: LogPaneProps) {
  const { t } = useTranslation('logs')
  const logs = useLogs(services, tail)
  const { rows: all, version } = logs
  const [select] = useState(() => createSelector(all))
  const [level, setLevel] = useState<LevelFilter>('all')
  const [hidden, setHidden] = useState(none)
  const [showsTimes, setTimes] = useChoice('log-times', true)
  const [wraps, setWraps] = useChoice('log-wraps', false)
  const [search, setSearch] = useState({ text: '', isRegex: false })
  /** Null while following; else the place of the last line when that ended. */
  const [leftAt, setLeftAt] = useState<number | null>(null)
  const input = useRef<HTMLInputElement>(null)

  const expression = useMemo(() => toExpression(search.text, search.isRegex), [search])
  const find = expression === 'invalid' ? null : expression
  const selection = useMemo(() => select({ level, hidden, find, version }), [select, level, hidden, find, version])
  const steps = useSteps(selection, find)
  const picked = usePicked(selection)
  const { rows } = selection
  const lastPlace = rows.at(-1)?.place ?? -1
  const follow = leftAt === null
  const setFollow = (on: boolean) => setLeftAt(on ? null : lastPlace)
  const fresh = leftAt === null ? 0 : rows.length - 1 - indexOrEnd(rows, leftAt)
  const count = all.rows().length

  const step = (by: 1 | -1) => {
    setLeftAt((before) => before ?? lastPlace)
    steps.step(by)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) {
      if (event.key === 'Escape') picked.clear()
      return
    }
    if (event.key === 'f') {
      event.preventDefault()
      input.current?.select()
    } else if (event.key === 'c' && picked.count > 0 && getSelection()?.isCollapsed !== false) {
      event.preventDefault()
      void picked.copy()
    }
  }

  const note = !logs.isLive
    ? count > 0
      ? t('reconnecting')
      : undefined
    : rows.length === count
      ? t('lines', { count, n: formatInteger(count) })
      : t('linesOf', { shown: formatInteger(rows.length), all: formatInteger(count) })
  const [only] = services
  const file =
    services.length === 1 && only !== undefined
      ? viewable(`/api/v1/services/${encodeURIComponent(only)}/logs/file`)
      : null

  return (
    <div className={c.pane} onKeyDown={onKeyDown}>
      <Panel
        title={title}
        note={note}
        fill
        flush
        className={c.panel}
        action={
          picked.count > 0 ? (
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
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={26}
                  aria-label={t('clearSelection')}
                  onClick={picked.clear}
                >
                  <IconX size={15} />
                </ActionIcon>
              </Tooltip>
            </span>
          ) : undefined
        }
      >
        <div className={c.tools}>
          <LogSearch
            search={{ ...search, isBad: expression === 'invalid', count: selection.found.length, at: steps.at }}
            input={input}
            onChange={(change) => setSearch((before) => ({ ...before, ...change }))}
            onStep={step}
          />
          <LogTools
            level={level}
            onLevel={setLevel}
            showsTimes={showsTimes}
            onTimes={setTimes}
            wraps={wraps}
            onWraps={setWraps}
            follow={follow}
            onFollow={setFollow}
            file={file}
            onSave={() => saveText('regie-logs.log', toText(rows))}
            isEmpty={rows.length === 0}
          />
        </div>
        {services.length > 1 && (
          <div className={c.chips} role="group" aria-label={t('services')}>
            {services.map((service, index) => (
              <button
                key={service}
                type="button"
                className={c.chip}
                aria-pressed={!hidden.has(service)}
                onClick={() => setHidden(toggled(hidden, service))}
              >
                <span className={c.service} data-service={index % 6}>
                  {service}
                </span>
              </button>
            ))}
          </div>
        )}
        <Sources services={services} logs={logs} />
        {logs.error !== null && count === 0 ? (
          <ErrorState error={logs.error} />
        ) : count === 0 ? (
          <Nothing services={services} logs={logs} />
        ) : rows.length === 0 ? (
          <p className={c.nothing}>{hidden.size === services.length ? t('allHidden') : t('nothingShown')}</p>
        ) : (
          <LogScroller
            selection={selection}
            version={version}
            find={find}
            current={steps.row}
            services={services}
            showsTimes={showsTimes}
            wraps={wraps}
            follow={follow}
            onFollow={setFollow}
            fresh={fresh}
            isPicked={picked.isPicked}
            onPick={picked.pick}
            onKeyDown={onKeyDown}
          />
        )}
      </Panel>
    </div>
  )
}

function Nothing({ services, logs }: { services: readonly string[]; logs: ReturnType<typeof useLogs> }) {
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

/** Where the line with this place stands, or the last one before it. */
function indexOrEnd(rows: readonly LogRow[], place: number): number {
  const at = indexOfRow(rows, place)
  return at >= 0 ? at : rows.findLastIndex((row) => row.place <= place)
}
