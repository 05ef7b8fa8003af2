import type { WorkflowDetail, WorkflowNeeds } from '../../../../../shared/contract'

type Row = WorkflowNeeds['rows'][number]

/** How a service stands to a workflow. `unknown`: it could not be asked, or not about everything. */
export interface Standing {
  id: string
  state: 'complete' | 'missing' | 'unknown'
  missing: number
}

const presence = (row: Row, id: string): boolean | null => row.present[id] ?? null

/** How each service stands, in the order of the services. */
export function standings({ rows, services }: WorkflowNeeds): Standing[] {
  return services.map(({ id, answered }) => {
    const missing = rows.filter((row) => presence(row, id) === false).length
    const isKnown = answered && rows.every((row) => presence(row, id) !== null)
    return { id, missing, state: missing > 0 ? 'missing' : isKnown ? 'complete' : 'unknown' }
  })
}

export interface SortedRows {
  /** What some service lacks: each has a row of its own. */
  missing: Row[]
  /** Everything else, which is folded into one row. */
  rest: Row[]
}

/** What is missing somewhere, and what is not. */
export function sortRows({ rows }: WorkflowNeeds): SortedRows {
  const isMissing = (row: Row) => Object.values(row.present).includes(false)
  return { missing: rows.filter(isMissing), rest: rows.filter((row) => !isMissing(row)) }
}

/** What several rows amount to on one service: present where all are, missing where one is. */
export function together(rows: readonly Row[], id: string): boolean | null {
  const all = rows.map((row) => presence(row, id))
  if (all.includes(false)) return false
  return all.includes(null) ? null : true
}

/** Where a workflow can run, and where it does. */
export interface Target {
  /** Every service that could run workflows. */
  known: string[]
  /** Services that are ready and have everything. */
  able: string[]
  /** The one of them that runs it; null where there is none. */
  runs: string | null
  /** The service that lacks least, where none has everything; null where none could be asked. */
  nearest: Standing | null
}

/** Chooses where a workflow runs: what was chosen, as long as that can, else the first that can. */
export function targetOf(needs: WorkflowNeeds, ready: readonly string[], chosen: string | null): Target {
  const all = standings(needs)
  const able = all.filter(({ id, state }) => state === 'complete' && ready.includes(id)).map(({ id }) => id)
  const lacking = all.filter(({ state }) => state === 'missing')
  const nearest = lacking.reduce<Standing | null>((a, b) => (a && a.missing <= b.missing ? a : b), null)
  const runs = chosen !== null && able.includes(chosen) ? chosen : (able[0] ?? null)
  return { known: all.map(({ id }) => id), able, runs, nearest: runs === null ? nearest : null }
}

/** The nodes that want something which a service lacks. */
export const nodesMissingOn = ({ rows }: WorkflowNeeds, id: string): Set<string> =>
  new Set(rows.flatMap((row) => (presence(row, id) === false ? row.nodes : [])))

/** Where a link that a workflow's file gives leads; null where it is no web page, and is not shown. */
export function hostOf(url: string): string | null {
  const read = URL.canParse(url) ? new URL(url) : null
  return read?.protocol === 'https:' ? read.host : null
}

/** The form with the choices that a service has now. */
export function formOn<T extends Pick<WorkflowDetail, 'form'>>(
  detail: T,
  needs: WorkflowNeeds | undefined,
  serviceId: string | null | undefined,
): T {
  const { choices = {} } = needs?.services.find(({ id }) => id === serviceId) ?? {}
  if (Object.keys(choices).length === 0) return detail
  const form = detail.form.map((input) => ({ ...input, choices: choices[input.id] ?? input.choices }))
  return { ...detail, form }
}
