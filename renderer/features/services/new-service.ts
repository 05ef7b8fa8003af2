import type { ServiceConfig, ServiceKind } from '../../../shared/contract'
import { firstKind, kinds } from '../../../shared/kinds'

/** The fields of the dialog as they are typed. */
export interface ServiceForm {
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

export type FormIssue = 'id' | 'idTaken' | 'url' | 'command' | 'env'

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const isBaseUrl = (text: string) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

/** What keeps the form from being sent; the panel checks again. */
export function issuesOf(form: ServiceForm, taken: readonly string[]): Set<FormIssue> {
  const issues = new Set<FormIssue>()
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(form.id)) issues.add('id')
  else if (taken.includes(form.id)) issues.add('idTaken')
  if (!isBaseUrl(form.url)) issues.add('url')
  if (form.runtime === 'process') {
    if (form.command.trim() === '') issues.add('command')
    if (linesOf(form.env).some((line) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(line))) issues.add('env')
  }
  return issues
}

/** The form as the panel takes it. */
export function toConfig(form: ServiceForm): ServiceConfig {
  const { id, kind, runtime, url, credentialId, command, args, cwd, env } = form
  const pairs = linesOf(env).map((line): [string, string] => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  })
  return {
    id,
    kind,
    runtime,
    url,
    ...(credentialId !== '' && { credentialId }),
    ...(runtime === 'process' && {
      process: {
        command: command.trim(),
        args: linesOf(args),
        env: Object.fromEntries(pairs),
        ...(cwd.trim() !== '' && { cwd: cwd.trim() }),
      },
    }),
  }
}
