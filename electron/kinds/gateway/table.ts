import type { Route } from '../gateway'
import type { ReadPath } from './path'

/**
 * A row of a kind's list: `GET queue`, `GET|POST history/*` (one segment), `* manager/**` (any, or none). GET means HEAD too.
 * `does` names what handles it, for the rules `own` and `job`.
 */
export type TableRow<Act extends string> =
  | readonly [asked: string, rule: 'everybody' | 'admin']
  | readonly [asked: string, rule: 'own' | 'job', does: Act]

export interface Found<Act extends string> {
  route: Route
  /** Null where nothing has to be done. */
  does: Act | null
}

interface CompiledRow<Act extends string> {
  methods: ReadonlySet<string> | null
  pattern: readonly string[]
  route: Route
  does: Act | null
}

function compile<Act extends string>(row: TableRow<Act>): CompiledRow<Act> {
  const [methods = '', path = ''] = row[0].split(' ')
  const names = methods.split('|')
  return {
    methods: methods === '*' ? null : new Set(names.includes('GET') ? [...names, 'HEAD'] : names),
    pattern: path === '' ? [] : path.split('/'),
    route: { rule: row[1] },
    does: row[2] ?? null,
  }
}

function fits(pattern: readonly string[], names: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**'
  const fixed = isOpen ? pattern.slice(0, -1) : pattern
  if (isOpen ? names.length < fixed.length : names.length !== fixed.length) return false
  return fixed.every((part, at) => {
    const name = names[at] ?? ''
    if (part === '*') return true
    return part.endsWith('*') ? name.startsWith(part.slice(0, -1)) : name === part
  })
}

const methodsKnown = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const forAdmins = { route: { rule: 'admin' }, does: null } as const

/**
 * Looks questions up in a list; the first row that fits counts, null where none has the path. What stands on the list for
 * other methods, or spelled otherwise at its end, is the administrator's, and so is a method that is none.
 */
export function createTable<Act extends string>(
  rows: readonly TableRow<Act>[],
): (method: string, path: ReadPath) => Found<Act> | null {
  const compiled = rows.map(compile)
  return (method, path) => {
    const candidates = compiled.filter(({ pattern }) => fits(pattern, path.names))
    if (candidates.length === 0) return methodsKnown.has(method) ? null : forAdmins
    const row = candidates.find(({ methods }) => methods === null || methods.has(method))
    if (row === undefined) return forAdmins
    return !path.isExact && row.route.rule !== 'everybody' ? forAdmins : { route: row.route, does: row.does }
  }
}
