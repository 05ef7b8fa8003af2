import type { Stack, StackAnswers, StackCheck, StackOrder } from '../../../../shared/contract'
import { idOfName, isId } from '../slug'

/** The answers as they are typed. */
export interface StackForm {
  /** What it is called: an id, or a name of which one is made. */
  name: string
  folder: string
  /** Empty: not chosen yet; `none`: no GPU. */
  gpu: string
  port: string
  modelsFolder: string
  outputsFolder: string
  cacheFolder: string
  sharedModelsFolder: string
  manager: boolean
  username: string
  isOwnPassword: boolean
  password: string
  start: boolean
}

export type StackField = keyof StackForm
export type StackIssue = 'id' | 'required' | 'port' | 'gpu' | 'password'

const withoutGpu = 'none'

export const emptyStackForm = ({ suggested }: Stack, gpu: string): StackForm => ({
  name: suggested.serviceId,
  folder: suggested.folder,
  gpu,
  port: String(suggested.port),
  modelsFolder: '',
  outputsFolder: '',
  cacheFolder: '',
  sharedModelsFolder: '',
  manager: false,
  username: '',
  isOwnPassword: false,
  password: '',
  start: true,
})

export const idOf = ({ name }: Pick<StackForm, 'name'>): string => idOfName(name)

/** What can be seen to be wrong without asking the panel. */
export function issuesOf(form: StackForm): Partial<Record<StackField, StackIssue>> {
  const port = Number(form.port)
  return {
    ...(!isId(idOf(form)) && { name: 'id' }),
    ...(form.folder.trim() === '' && { folder: 'required' }),
    ...(form.gpu === '' && { gpu: 'gpu' }),
    ...((!/^\d+$/.test(form.port) || port < 1 || port > 65_535) && { port: 'port' }),
    ...(form.isOwnPassword && form.password === '' && { password: 'password' }),
  }
}

const given = (text: string) => (text.trim() === '' ? undefined : text.trim())

/** The answers as the panel takes them. */
export function toAnswers(stackId: Stack['id'], form: StackForm): StackAnswers {
  return {
    stackId,
    serviceId: idOf(form),
    ...(form.name.trim() !== idOf(form) && { name: form.name.trim() }),
    folder: form.folder.trim(),
    gpuUuid: form.gpu === withoutGpu ? null : form.gpu,
    port: Number(form.port),
    modelsFolder: given(form.modelsFolder),
    outputsFolder: given(form.outputsFolder),
    cacheFolder: given(form.cacheFolder),
    sharedModelsFolder: given(form.sharedModelsFolder),
    ...(form.manager && { manager: true }),
  }
}

/** The order to deploy. What is left out is made by the panel. */
export const toOrder = (stackId: Stack['id'], form: StackForm): StackOrder => ({
  ...toAnswers(stackId, form),
  username: given(form.username),
  ...(form.isOwnPassword && { password: form.password }),
  start: form.start,
})

const fieldNames: Record<NonNullable<StackCheck['items'][number]['field']>, StackField> = {
  serviceId: 'name',
  folder: 'folder',
  gpuUuid: 'gpu',
  port: 'port',
  modelsFolder: 'modelsFolder',
  outputsFolder: 'outputsFolder',
  cacheFolder: 'cacheFolder',
  sharedModelsFolder: 'sharedModelsFolder',
}

/** What the panel refused, by the field that it is about; `elsewhere` is what no answer can mend. */
export function refusalsOf(check: StackCheck) {
  const failed = check.items.filter(({ state }) => state === 'failed')
  return {
    byField: Object.fromEntries(
      failed.flatMap((item) => (item.field === null ? [] : [[fieldNames[item.field], item]])),
    ) as Partial<Record<StackField, StackCheck['items'][number]>>, // fromEntries loses the keys
    elsewhere: failed.filter(({ field }) => field === null),
  }
}
