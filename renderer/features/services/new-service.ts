import type { GivenText, ServiceConfig, ServiceKind } from '../../../shared/contract'
import { firstKind, kinds } from '../../../shared/kinds'
import { argumentsOf, givenOf } from './edit/given-spelling'
import { freeId, isId, slugOf } from './slug'

/** The fields of the dialog as they are typed. */
export interface ServiceForm {
  /** What it is called; its id is made of it until one is typed. */
  name: string
  /** Empty until it is typed. */
  id: string
  kind: ServiceKind
  runtime: 'simulator' | 'process' | 'external'
  url: string
  /** Empty for none. */
  credentialId: string
  command: string
  /** One argument a line, so that none has to be quoted. */
  args: string
  cwd: string
  /** One NAME=value a line. */
  env: string
  startNow: boolean
}

/** The address that a service of this kind most often has. */
export const usualUrl = (kind: ServiceKind, runtime: ServiceForm['runtime']): string =>
  `http://127.0.0.1:${kinds[kind].port[runtime === 'simulator' ? 'simulated' : 'real']}`

export const emptyForm = (runtime: ServiceForm['runtime'], kind: ServiceKind = firstKind): ServiceForm => ({
  name: '',
  id: '',
  kind,
  runtime,
  url: usualUrl(kind, runtime),
  credentialId: '',
  command: '',
  args: '',
  cwd: '',
  env: '',
  startNow: true,
})

export type FormIssue = 'id' | 'idTaken' | 'url' | 'command' | 'args' | 'env'

/** The id that was typed, or the one that the name makes, with a number where that is taken. */
export const idOf = ({ id, name }: ServiceForm, taken: readonly string[]): string =>
  id === '' && slugOf(name) !== '' ? freeId(slugOf(name), taken) : id

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export const isBaseUrl = (text: string) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

/** What keeps the form from being sent; the panel checks again. */
export function issuesOf(form: ServiceForm, taken: readonly string[]): Set<FormIssue> {
  const issues = new Set<FormIssue>()
  const id = idOf(form, taken)
  if (!isId(id)) issues.add('id')
  else if (taken.includes(id)) issues.add('idTaken')
  if (!isBaseUrl(form.url)) issues.add('url')
  if (form.runtime === 'process') {
    if (form.command.trim() === '') issues.add('command')
    if (argumentsOf(form.args) === null) issues.add('args')
    if (linesOf(form.env).some((line) => variableOf(line) === null)) issues.add('env')
  }
  return issues
}

/** A line of the environment; null where it is none. */
function variableOf(line: string): [string, GivenText] | null {
  const [, name, text = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
  const given = givenOf(text)
  return name === undefined || given === null ? null : [name, given]
}

/** The form as the panel takes it. */
export function toConfig(form: ServiceForm, taken: readonly string[] = []): ServiceConfig {
  const { kind, runtime, url, credentialId, command, args, cwd, env } = form
  const [id, name] = [idOf(form, taken), form.name.trim()]
  const pairs = linesOf(env)
    .map(variableOf)
    .filter((pair) => pair !== null)
  return {
    id,
    kind,
    runtime,
    url,
    ...(name !== '' && name !== id && { name }),
    ...(credentialId !== '' && { credentialId }),
    ...(runtime === 'process' && {
      process: {
        command: command.trim(),
        args: argumentsOf(args) ?? [],
        env: Object.fromEntries(pairs),
        ...(cwd.trim() !== '' && { cwd: cwd.trim() }),
      },
    }),
  }
}
