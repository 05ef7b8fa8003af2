import type {
  ComposeSpec,
  GivenText,
  ProcessSpec,
  Service,
  ServiceChange,
  VaultReference,
} from '../../../../shared/contract'
import type * as z from 'zod'
import { isUp } from '../../../../shared/service-state'
import { argumentsOf, givenOf, spelled, spelledLines } from './given-spelling'

/** A variable as it is edited: a text, a secret of the vault, or one that is put there when the form is saved. */
export interface Variable {
  /** Of the row on screen. */
  key: number
  name: string
  value: { type: 'text'; text: string } | ({ type: 'vault' } & VaultReference) | { type: 'new'; secret: string }
}

/** The fields of a service as they are edited. */
export interface EditForm {
  name: string
  tags: string[]
  /** Empty for none. */
  order: string
  wake: boolean
  url: string
  credentialId: string
  gpuUuid: string
  command: string
  args: string
  cwd: string
  env: Variable[]
  file: string
  composeService: string
  /** One per line. */
  overrides: string
  profiles: string
  project: string
  envFile: string
}
export type EditField = keyof EditForm

const variableOf = ([name, given]: [string, GivenText], key: number): Variable => {
  const [only, ...others] = typeof given === 'string' ? [] : given
  const value =
    only !== undefined && typeof only !== 'string' && others.length === 0
      ? ({ type: 'vault', ...only } as const)
      : ({ type: 'text', text: spelled(given) } as const)
  return { key, name, value }
}

/** A service as it is, to be edited. */
export const formOf = ({ name, tags, order, idle, url, credentialId, gpu, process, compose }: Service): EditForm => ({
  name: name ?? '',
  tags,
  order: order === undefined ? '' : String(order),
  wake: idle.wake,
  url,
  credentialId: credentialId ?? '',
  gpuUuid: gpu?.uuid ?? '',
  command: process?.command ?? '',
  args: spelledLines(process?.args ?? []),
  cwd: process?.cwd ?? '',
  env: Object.entries(process?.env ?? {}).map(variableOf),
  file: compose?.file ?? '',
  composeService: compose?.service ?? '',
  overrides: (compose?.overrides ?? []).join('\n'),
  profiles: (compose?.profiles ?? []).join(', '),
  project: compose?.project ?? '',
  envFile: compose?.envFile ?? '',
})

const withoutKeys = (value: EditForm[EditField]): unknown =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : { ...one, key: 0 })) : value

export const isSame = (one: EditForm[EditField], other: EditForm[EditField]): boolean =>
  JSON.stringify(withoutKeys(one)) === JSON.stringify(withoutKeys(other))

/** Which fields of a service there are to be edited. */
export function fieldsOf({ runtime }: Pick<Service, 'runtime'>): EditField[] {
  const all: EditField[] = ['name', 'tags', 'order', 'wake', 'url', 'credentialId', 'gpuUuid']
  switch (runtime) {
    case 'process':
      return [...all, 'command', 'args', 'cwd', 'env']
    case 'compose':
      return [...all, 'file', 'composeService', 'overrides', 'profiles', 'project', 'envFile']
    case 'simulator':
    case 'external':
      return all
  }
}

/** The fields that were changed, in their order on screen. */
export const changedFields = (service: Service, form: EditForm): EditField[] => {
  const before = formOf(service)
  return fieldsOf(service).filter((field) => !isSame(before[field], form[field]))
}

const ofProcess: readonly EditField[] = ['command', 'args', 'cwd', 'env']
const ofCompose: readonly EditField[] = ['file', 'composeService', 'overrides', 'profiles', 'project', 'envFile']

/** Fields that a running program has read already: it has the new ones after its next start. */
export const restartFields = ({ runtime }: Pick<Service, 'runtime'>): readonly EditField[] =>
  runtime === 'process' ? [...ofProcess, 'gpuUuid'] : []

/** Fields that stay as they are while the service runs. */
export const stoppedFields = ({ runtime }: Pick<Service, 'runtime'>): readonly EditField[] =>
  runtime === 'process' || runtime === 'simulator' ? ['url'] : runtime === 'compose' ? ofCompose : []

/** What the changes ask of a program that runs: nothing, another start, or that it stands still before they are saved. */
export function demandOf(service: Service, live: Service, form: EditForm): 'nothing' | 'restart' | 'stop' {
  if (!isUp(live)) return 'nothing'
  const changed = changedFields(service, form)
  if (changed.some((field) => stoppedFields(service).includes(field))) return 'stop'
  return changed.some((field) => restartFields(service).includes(field)) ? 'restart' : 'nothing'
}

const listOf = (text: string, separator: RegExp) =>
  text
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** What a variable is given. A new secret has its credential by then. */
const givenBy = (value: Variable['value'], made: VaultReference | undefined): GivenText => {
  switch (value.type) {
    case 'text':
      return givenOf(value.text) ?? value.text
    case 'vault':
      return [{ credentialId: value.credentialId, field: value.field }]
    case 'new':
      return made ? [made] : ''
  }
}

/** How a native program is run, by the form. Arguments that were not touched stay as they are, to the byte. */
export function processOf(
  form: EditForm,
  before: ProcessSpec | undefined,
  made: ReadonlyMap<number, VaultReference> = new Map(),
): ProcessSpec {
  const args = before && spelledLines(before.args) === form.args ? before.args : argumentsOf(form.args)
  const cwd = form.cwd.trim()
  return {
    command: form.command.trim(),
    args: args ?? [],
    ...(cwd !== '' && { cwd }),
    env: Object.fromEntries(form.env.map(({ key, name, value }) => [name.trim(), givenBy(value, made.get(key))])),
  }
}

export function composeOf(form: EditForm): ComposeSpec {
  const overrides = listOf(form.overrides, /\n/)
  const profiles = listOf(form.profiles, /,/)
  const [project, envFile] = [form.project.trim(), form.envFile.trim()]
  return {
    file: form.file.trim(),
    service: form.composeService.trim(),
    ...(overrides.length > 0 && { overrides }),
    ...(profiles.length > 0 && { profiles }),
    ...(project !== '' && { project }),
    ...(envFile !== '' && { envFile }),
  }
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

/** What is sent of the form: the fields that were changed, and nothing else. */
export function changeOf(
  service: Service,
  form: EditForm,
  made?: ReadonlyMap<number, VaultReference>,
): z.infer<typeof ServiceChange> {
  const changed = new Set(changedFields(service, form))
  const order = orNull(form.order)
  return {
    id: service.id,
    ...(service.revision !== undefined && { revision: service.revision }),
    ...(changed.has('name') && { name: orNull(form.name) }),
    ...(changed.has('tags') && { tags: form.tags }),
    ...(changed.has('order') && { order: order === null ? null : Number(order) }),
    ...(changed.has('wake') && { idle: { ...service.idle, wake: form.wake } }),
    ...(changed.has('url') && { url: form.url.trim() }),
    ...(changed.has('credentialId') && { credentialId: orNull(form.credentialId) }),
    ...(changed.has('gpuUuid') && { gpuUuid: orNull(form.gpuUuid) }),
    ...(ofProcess.some((field) => changed.has(field)) && { process: processOf(form, service.process, made) }),
    ...(ofCompose.some((field) => changed.has(field)) && { compose: composeOf(form) }),
  }
}

/** Puts together what both have changed since `base`: what only one has changed is his. */
export function mergeForms(base: Service, theirs: Service, mine: EditForm): { form: EditForm; conflicts: EditField[] } {
  const [before, now] = [formOf(base), formOf(theirs)]
  const conflicts: EditField[] = []
  const take = (form: EditForm, field: EditField): EditForm => {
    if (isSame(mine[field], before[field])) return { ...form, [field]: now[field] }
    if (!isSame(now[field], before[field]) && !isSame(now[field], mine[field])) conflicts.push(field)
    return form
  }
  const form = fieldsOf(base).reduce(take, mine)
  return { form, conflicts }
}

/** A field as it is read by a person, secrets by what they refer to. */
export function shownField(form: EditForm, field: EditField): string {
  const value = form[field]
  if (typeof value === 'boolean') return value ? '✓' : '–'
  if (typeof value === 'string') return value
  return value
    .map((one) => {
      if (typeof one === 'string') return one
      const { name, value: given } = one
      if (given.type === 'text') return `${name}=${given.text}`
      return given.type === 'new' ? `${name}=•••` : `${name}=\${vault:${given.credentialId}.${given.field}}`
    })
    .join(field === 'tags' ? ', ' : '\n')
}
