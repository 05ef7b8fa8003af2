import { useSyncExternalStore } from 'react'
import * as z from 'zod'
import type { GenerationParams } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { formFrom, paramsFor, readForm, type StudioForm } from './form'
import { drawSeed } from '../gallery/seed'
import { takeOver } from '../gallery/handover'

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

/** Puts a generation into the card of its service. */
export function show(serviceId: string, generationId: string): void {
  const failures = Object.fromEntries(Object.entries(state.failures).filter(([id]) => id !== serviceId))
  change({ shown: { ...state.shown, [serviceId]: generationId }, failures })
}

/** Queues one generation and shows it, or why it could not be queued. */
export async function send(serviceId: string, params: GenerationParams): Promise<void> {
  change({ sending: new Set([...state.sending, serviceId]) })
  try {
    const generation = await client.generations.create({ serviceId, params })
    // Its first events may have come before this answer.
    queryClient.setQueryData(
      api.generations.get.queryKey({ input: { id: generation.id } }),
      (now: typeof generation | undefined) => now ?? generation,
    )
    show(serviceId, generation.id)
  } catch (error) {
    change({ failures: { ...state.failures, [serviceId]: { error, params } } })
  } finally {
    change({ sending: new Set([...state.sending].filter((id) => id !== serviceId)) })
  }
}

/** Runs the form on some services at once, all with the same seed. */
export function generate(serviceIds: readonly string[]): void {
  const form = state.form.keepSeed ? state.form : { ...state.form, seed: drawSeed() }
  setForm(form)
  for (const id of serviceIds) void send(id, paramsFor(form, id))
}

/** Fills the form with what the gallery left for it, and shows that picture. Returns the service that made it, or null. */
export function takeHandover(): string | null {
  const handed = takeOver(sessionStorage)
  if (!handed) return null
  setForm(formFrom(handed, state.form))
  show(handed.serviceId, handed.id)
  return handed.serviceId
}
