import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { toText } from './files'
import type { LogRow } from './rows'
import { createSelector, indexOfRow, toExpression, type LevelFilter, type Selection } from './selection'
import { useLogs } from './useLogs'

const none: ReadonlySet<string> = new Set()

const toggled = (set: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  set.has(one) ? new Set([...set].filter((other) => other !== one)) : new Set([...set, one])

/** Lines that a person marked: from one to another, by their places. */
interface Picked {
  from: number
  to: number
}

const isBetween = ({ from, to }: Picked, { place }: LogRow): boolean =>
  place >= Math.min(from, to) && place <= Math.max(from, to)

function usePicked({ rows }: Selection) {
  const [picked, setPicked] = useState<Picked | null>(null)
  const [isCopied, setCopied] = useState(false)
  // Always the same function: the lines are drawn anew only when they change.
  const pick = useCallback(({ place }: LogRow, event: MouseEvent) => {
    const { shiftKey } = event
    event.preventDefault()
    setCopied(false)
    setPicked((before) => (shiftKey && before ? { ...before, to: place } : { from: place, to: place }))
  }, [])
  const isPicked = (row: LogRow) => picked !== null && isBetween(picked, row)
  return {
    count: picked ? rows.filter(isPicked).length : 0,
    isCopied,
    isPicked,
    pick,
    clear: () => setPicked(null),
    async copy() {
      if (!picked) return
      await navigator.clipboard.writeText(toText(rows.filter(isPicked)))
      setCopied(true)
    },
  }
}

/** Where the search stands among what was found, and its steps. */
function useSteps({ found }: Selection, find: RegExp | null) {
  const [current, setCurrent] = useState<{ row: LogRow; find: RegExp } | null>(null)
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

/** Where the line with this place stands, or the last one before it. */
function indexOrEnd(rows: readonly LogRow[], place: number): number {
  const at = indexOfRow(rows, place)
  return at >= 0 ? at : rows.findLastIndex((row) => row.place <= place)
}

export type Pane = ReturnType<typeof usePane>

/**
 * The logs of some services, `tail` lines of each from before, and what a reader wants to see of them: which lines, what
 * is searched, whether the newest is followed, what is marked. With `onlyFound`, a search hides what it does not find.
 */
export function usePane(services: readonly string[], tail: number, onlyFound: boolean) {
  const logs = useLogs(services, tail)
  const { rows: all, version } = logs
  const [select] = useState(() => createSelector(all))
  const [level, setLevel] = useState<LevelFilter>('all')
  const [hidden, setHidden] = useState(none)
  const [search, setSearch] = useState({ text: '', isRegex: false })
  /** Null while following; else the place of the last line when that ended. */
  const [leftAt, setLeftAt] = useState<number | null>(null)
  const input = useRef<HTMLInputElement>(null)

  const expression = useMemo(() => toExpression(search.text, search.isRegex), [search])
  const find = expression === 'invalid' ? null : expression
  const selection = useMemo(
    () => select({ level, hidden, find, onlyFound, version }),
    [select, level, hidden, find, onlyFound, version],
  )
  const steps = useSteps(selection, find)
  const picked = usePicked(selection)
  const { rows } = selection
  const lastPlace = rows.at(-1)?.place ?? -1

  return {
    ...{ services, logs, selection, level, setLevel, hidden, search, find, steps, picked, input },
    isBad: expression === 'invalid',
    /** How many lines there are, shown or not. */
    count: all.rows().length,
    follow: leftAt === null,
    setFollow: (on: boolean) => setLeftAt(on ? null : lastPlace),
    /** New lines since following ended. */
    fresh: leftAt === null ? 0 : rows.length - 1 - indexOrEnd(rows, leftAt),
    toggle: (service: string) => setHidden(toggled(hidden, service)),
    setSearch: (change: Partial<typeof search>) => setSearch((before) => ({ ...before, ...change })),
    step: (by: 1 | -1) => {
      setLeftAt((before) => before ?? lastPlace)
      steps.step(by)
    },
    onKeyDown: (event: KeyboardEvent) => {
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
    },
  }
}
