import { useSyncExternalStore } from 'react'
import * as z from 'zod'
import type { GenerationParams } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { formFrom, paramsFor, readForm, type EditForm, type StudioForm } from './form'
import { drawSeed } from '../gallery/seed'
import { isEdit, isOfWorkflow, takeOver } from '../gallery/handover'
import { fillIn } from './workflow/store'

const formKey = 'regie.studio.form'
const shownKey = 'regie.studio.shown'
const Shown = z.record(z.string(), z.string())

interface StudioState {
  form: StudioForm
  /** The generation that stands in the card of each service. */
  shown: z.infer<typeof Shown>
  /** Why the last one could not be sent to a service, with what was to be sent. */
  failures: Record<string, { error: unknown; params: GenerationParams }>
  sending: ReadonlySet<string>
}

function readShown(text: string | null): z.infer<typeof Shown> {
  try {
    return Shown.catch({}).parse(JSON.parse(text ?? '{}'))
  } catch {
    return {}
  }
}

/** Outlives the page, so that a running job is found again; the form outlives the window too. */
let state: StudioState = {
  form: readForm(localStorage.getItem(formKey)),
  shown: readShown(sessionStorage.getItem(shownKey)),
  failures: {},
  sending: new Set(),
}
const listeners = new Set<() => void>()

function change(part: Partial<StudioState>) {
  state = { ...state, ...part }
  if (part.form) localStorage.setItem(formKey, JSON.stringify(part.form))
  if (part.shown) sessionStorage.setItem(shownKey, JSON.stringify(part.shown))
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The Studio's form and what it shows. */
export const useStudio = (): StudioState => useSyncExternalStore(subscribe, () => state)

/** The form as it is now, outside of components. */
export const currentForm = (): StudioForm => state.form

export const setForm = (form: StudioForm): void => change({ form })

export const changeForm = (part: Partial<StudioForm>): void => change({ form: { ...state.form, ...part } })

/** Changes what the mode that edits asks for. */
export const changeEdit = (part: Partial<EditForm>): void => changeForm({ edit: { ...state.form.edit, ...part } })

/** Puts a generation into the card of its service, or into another place. */
export function show(place: string, generationId: string): void {
  const failures = Object.fromEntries(Object.entries(state.failures).filter(([id]) => id !== place))
  change({ shown: { ...state.shown, [place]: generationId }, failures })
}

/** Where the mode that edits shows its result: no service has such an id. */
export const editPlace = ':edit'

/** Queues one generation and shows it, or why it could not be queued; in the card of its service, or in another place. */
export async function send(serviceId: string, params: GenerationParams, place = serviceId): Promise<void> {
  change({ sending: new Set([...state.sending, place]) })
  try {
    const generation = await client.generations.create({ serviceId, params })
    // Its first events may have come before this answer.
    queryClient.setQueryData(
      api.generations.get.queryKey({ input: { id: generation.id } }),
      (now: typeof generation | undefined) => now ?? generation,
    )
    show(place, generation.id)
  } catch (error) {
    change({ failures: { ...state.failures, [place]: { error, params } } })
  } finally {
    change({ sending: new Set([...state.sending].filter((id) => id !== place)) })
  }
}

/** The form with the seed of the next run: the one that stands there where it is locked, else a fresh one. */
export function formToRun(): StudioForm {
  const form = state.form.keepSeed ? state.form : { ...state.form, seed: drawSeed() }
  setForm(form)
  return form
}

/** Runs the form on some services at once, all with the same seed. `ignoring`: where a negative prompt changes nothing. */
export function generate(serviceIds: readonly string[], ignoring: readonly string[]): void {
  const form = formToRun()
  for (const id of serviceIds) void send(id, paramsFor(form, id, ignoring.includes(id)))
}

/** Takes what the gallery left for the Studio: a picture's parameters, or a picture to edit. Returns which, or null. */
export function takeHandover(): 'parameters' | 'source' | null {
  const handed = takeOver(sessionStorage)
  if (!handed) return null
  if ('source' in handed) {
    changeEdit({ pictures: [handed.source], mask: null })
    return 'source'
  }
  if (isOfWorkflow(handed.params)) {
    fillIn(handed.params, handed.serviceId)
    show(handed.serviceId, handed.id)
    return 'parameters'
  }
  setForm(formFrom(handed, state.form))
  show(isEdit(handed.params) ? editPlace : handed.serviceId, handed.id)
  return 'parameters'
}
