import { useState } from 'react'
import { groupings, type Grouping } from './groups'
import { chips, sorts, type Chip, type Sort } from './view'

/** How a person looks at a list of services. */
export interface ListView {
  text: string
  chip: Chip
  tags: readonly string[]
  sort: Sort
  group: Grouping
  /** Keys of the groups that are folded. */
  folded: readonly string[]
}

type Remembered = Omit<ListView, 'text'>

const keyOf = (list: string) => `regie.list.${list}`

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

const oneOf = <T extends string>(all: readonly T[], value: unknown, usual: T): T =>
  all.find((one) => one === value) ?? usual

/** What was remembered of a list, as far as it can be read; the rest as usual. */
export function readView(text: string | null, usual: Remembered): Remembered {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '{}')
  } catch {
    return usual
  }
  const fields: Partial<Record<keyof Remembered, unknown>> = typeof kept === 'object' && kept !== null ? kept : {}
  return {
    chip: oneOf(chips, fields.chip, usual.chip),
    tags: fields.tags === undefined ? usual.tags : texts(fields.tags),
    sort: oneOf(sorts, fields.sort, usual.sort),
    group: oneOf(groupings, fields.group, usual.group),
    folded: texts(fields.folded),
  }
}

/** How a list is looked at; what is chosen is remembered in this browser, words that are sought are not. */
export function useListView(list: string, group: Grouping): [ListView, (change: Partial<ListView>) => void] {
  const [view, setView] = useState<ListView>(() => ({
    text: '',
    ...readView(localStorage.getItem(keyOf(list)), { chip: 'all', tags: [], sort: 'custom', group, folded: [] }),
  }))
  const change = (part: Partial<ListView>) =>
    setView((before) => {
      const { text, ...remembered } = { ...before, ...part }
      localStorage.setItem(keyOf(list), JSON.stringify(remembered))
      return { text, ...remembered }
    })
  return [view, change]
}
