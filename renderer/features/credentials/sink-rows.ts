import {
  isKeyed,
  keyIssue,
  type Requirement,
  type Scheme,
  type SecretField,
  type Sink,
  type SinkInput,
} from '../../../shared/contract'

/** One line of the sinks editor: texts as typed, `''` for what is left to Regie. */
export interface SinkRow {
  /** Stays with the line while it is edited. */
  key: number
  type: SinkInput['type']
  path: string
  variable: string
  field: SecretField | ''
  requires: Requirement | ''
}

export type SinkIssue =
  | 'path-missing'
  | 'path-relative'
  | 'variable-missing'
  | 'variable-invalid'
  | 'pointer-invalid'
  | 'ini-invalid'
  | 'twice'

const invalidKey = {
  env: 'variable-invalid',
  json: 'pointer-invalid',
  yaml: 'pointer-invalid',
  ini: 'ini-invalid',
} as const satisfies Record<string, SinkIssue>

export interface RowIssues {
  path?: SinkIssue
  variable?: SinkIssue
}

/** Parts of the secret that each scheme has, the one that opens the service first. */
export const fieldsOf: Record<Scheme, readonly SecretField[]> = {
  'comfyui-login': ['token', 'password', 'username'],
  basic: ['password', 'username'],
  token: ['token'],
}

const plainTypes = ['env', 'file', 'json', 'yaml', 'ini'] as const

export const sinkTypesOf = (scheme: Scheme): readonly SinkInput['type'][] =>
  scheme === 'comfyui-login' ? ['comfyui-login', ...plainTypes, 'session-key'] : plainTypes

/** Whether the editor's lines have one for the session key, so that a rotation ends browser sessions too. */
export const endsSessions = (rows: readonly SinkRow[]): boolean => rows.some(({ type }) => type === 'session-key')

const passwordFile = /^(.*?)([\\/])login[\\/]PASSWORD$/

/** Where ComfyUI-Login keeps its session key, as far as the path of its PASSWORD file tells. */
function sessionKeyPath(rows: readonly SinkRow[]): string {
  const login = rows.find(({ type }) => type === 'comfyui-login')
  const [, root, slash] = passwordFile.exec(login?.path.trim() ?? '') ?? []
  return root === undefined || slash === undefined
    ? ''
    : [root, 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt'].join(slash)
}

/** The lines with, or without, the one that ends browser sessions. */
export function endSessions(rows: readonly SinkRow[], isOn: boolean, key: number): SinkRow[] {
  const others = rows.filter(({ type }) => type !== 'session-key')
  const line = { ...emptyRow(key, 'comfyui-login'), type: 'session-key', path: sessionKeyPath(rows) } as const
  return isOn ? [...others, line] : others
}

export const emptyRow = (key: number, scheme: Scheme): SinkRow => ({
  key,
  type: sinkTypesOf(scheme)[0] ?? 'env',
  path: '',
  variable: '',
  field: '',
  requires: '',
})

export const rowOf = (sink: Sink, key: number): SinkRow => ({
  key,
  type: sink.type,
  path: sink.path,
  variable: sink.key ?? '',
  field: sink.field,
  requires: sink.requires,
})

/** A full path on the machine where Regie runs, which may be another than the browser's: both families are taken. */
const isAbsolute = (path: string) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path)

/** The same file in another spelling is told by the core. */
const placeOf = (row: SinkRow) => JSON.stringify([row.path.trim(), isKeyed(row.type) ? row.variable.trim() : null])

/** What is wrong with each line, in their order; an empty object where nothing is. */
export function checkRows(rows: readonly SinkRow[]): RowIssues[] {
  const places = new Set<string>()
  return rows.map((row) => {
    const issues: RowIssues = {}
    const path = row.path.trim()
    const variable = row.variable.trim()
    if (path === '') issues.path = 'path-missing'
    else if (!isAbsolute(path)) issues.path = 'path-relative'
    else if (places.has(placeOf(row))) issues.path = 'twice'
    if (isKeyed(row.type) && variable === '') issues.variable = 'variable-missing'
    else if (isKeyed(row.type) && keyIssue(row.type, variable) !== null) issues.variable = invalidKey[row.type]
    places.add(placeOf(row))
    return issues
  })
}

export const areSound = (issues: readonly RowIssues[]): boolean =>
  issues.every((issue) => issue.path === undefined && issue.variable === undefined)

/** Files of ComfyUI-Login, which hold one part of the secret and no other. */
export const hasOwnField = (type: SinkRow['type']): boolean => type === 'comfyui-login' || type === 'session-key'

/** What is sent: only what was filled in. */
export const toSinkInput = (row: SinkRow): SinkInput => ({
  type: row.type,
  path: row.path.trim(),
  ...(isKeyed(row.type) ? { key: row.variable.trim() } : {}),
  ...(row.field === '' || hasOwnField(row.type) ? {} : { field: row.field }),
  ...(row.requires === '' ? {} : { requires: row.requires }),
})

/** A row for another scheme: what the new scheme does not know is set back. */
export function fitRow(row: SinkRow, scheme: Scheme): SinkRow {
  const type = sinkTypesOf(scheme).includes(row.type) ? row.type : 'env'
  const field = row.field !== '' && fieldsOf[scheme].includes(row.field) ? row.field : ''
  return { ...row, type, field }
}
