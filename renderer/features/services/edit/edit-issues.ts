import { ServiceName, type Service } from '../../../../shared/contract'
import { isBaseUrl } from '../new-service'
import { fieldsOf, type EditField, type EditForm } from './edit-form'
import { argumentsOf, givenOf } from './given-spelling'

/** What is wrong with a field; the words stand under `edit:issue`. */
export type IssueId =
  | 'name'
  | 'order'
  | 'url'
  | 'command'
  | 'reference'
  | 'path'
  | 'variable'
  | 'variableTwice'
  | 'secret'
  | 'required'
  | 'project'
  | 'taken'

export interface Issue {
  field: EditField
  /** Which variable, where it is one of these. */
  key?: number
  issue: IssueId
  /** What it should most likely be. */
  fix?: string
}

/** Absolute on Windows (drive, share) or elsewhere. */
export const isAbsolute = (text: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\])/.test(text)

/** What somebody most likely meant by an address; null where that is no address either. */
function addressFix(text: string): string | null {
  const trimmed = text.trim()
  const whole = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  if (trimmed === '' || !URL.canParse(whole)) return null
  const { protocol, host } = new URL(whole)
  const fixed = `${protocol}//${host}`
  return isBaseUrl(fixed) && host !== '' ? fixed : null
}

/** The nearest name that a variable may have; null where nothing is left of it. */
function nameFix(name: string): string | null {
  const fixed = name
    .trim()
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^(?=\d)/, '_')
  return /[A-Za-z]/.test(fixed) ? fixed : null
}

const withFix = (fix: string | null) => (fix === null ? {} : { fix })

function issuesOfVariables({ env }: EditForm): Issue[] {
  return env.flatMap(({ key, name, value }, at): Issue[] => {
    const about = { field: 'env', key } as const
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [{ ...about, issue: 'variable', ...withFix(nameFix(name)) }]
    if (env.findIndex((one) => one.name === name) < at) return [{ ...about, issue: 'variableTwice' }]
    if (value.type === 'text' && givenOf(value.text) === null) return [{ ...about, issue: 'reference' }]
    if (value.type === 'new' && value.secret === '') return [{ ...about, issue: 'secret' }]
    return value.type === 'vault' && value.credentialId === '' ? [{ ...about, issue: 'secret' }] : []
  })
}

const pathIssue = (field: EditField, text: string): Issue[] =>
  isAbsolute(text.trim()) ? [] : [{ field, issue: 'path' }]

/** What is wrong with each field; the panel checks again. */
const checks: Record<EditField, (form: EditForm) => Issue[]> = {
  name: ({ name }) =>
    name.trim() === '' || ServiceName.safeParse(name).success ? [] : [{ field: 'name', issue: 'name' }],
  tags: () => [],
  order: ({ order }) => (Number.isFinite(Number(order)) ? [] : [{ field: 'order', issue: 'order' }]),
  wake: () => [],
  url: ({ url }) => (isBaseUrl(url.trim()) ? [] : [{ field: 'url', issue: 'url', ...withFix(addressFix(url)) }]),
  credentialId: () => [],
  gpuUuid: () => [],
  command: ({ command }) => (command.trim() === '' ? [{ field: 'command', issue: 'command' }] : []),
  args: ({ args }) => (argumentsOf(args) === null ? [{ field: 'args', issue: 'reference' }] : []),
  cwd: ({ cwd }) => (cwd.trim() === '' ? [] : pathIssue('cwd', cwd)),
  env: issuesOfVariables,
  file: ({ file }) => pathIssue('file', file),
  composeService: ({ composeService }) =>
    composeService.trim() === '' ? [{ field: 'composeService', issue: 'required' }] : [],
  overrides: ({ overrides }) =>
    overrides.split('\n').some((line) => line.trim() !== '' && !isAbsolute(line.trim()))
      ? [{ field: 'overrides', issue: 'path' }]
      : [],
  profiles: () => [],
  project: ({ project }) =>
    /^(?:[a-z0-9][a-z0-9_-]*)?$/.test(project.trim()) ? [] : [{ field: 'project', issue: 'project' }],
  envFile: ({ envFile }) => (envFile.trim() === '' ? [] : pathIssue('envFile', envFile)),
}

/** Everything that keeps the form from being saved, in the order of its fields. */
export const issuesOf = (service: Pick<Service, 'runtime'>, form: EditForm): Issue[] =>
  fieldsOf(service).flatMap((field) => checks[field](form))
