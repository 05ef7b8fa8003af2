import * as z from 'zod'
import {
  InputValue,
  type GenerationParams,
  type WorkflowDetail,
  type WorkflowInput,
} from '../../../../../shared/contract'
import { drawSeed } from '../../../gallery/seed'

/** What is known of a picture that was chosen for an input. */
const KeptImage = z.object({
  name: z.string().nullable(),
  /** Null where it is not known. */
  size: z.object({ width: z.number().int(), height: z.number().int() }).nullable(),
  isFromGallery: z.boolean(),
})
export type KeptImage = z.infer<typeof KeptImage>

/** What somebody has filled in for one workflow; what is left out is as the workflow has it. */
export const Kept = z.object({
  values: z.record(z.string(), InputValue),
  /** Seeds that stay as they are from run to run, by the ids of their inputs. */
  locked: z.array(z.string()),
  /** By the id of the input picture that a value names. */
  images: z.record(z.string(), KeptImage),
  /** Where it runs; null: wherever everything is there. */
  service: z.string().nullable(),
})
export type Kept = z.infer<typeof Kept>

export const nothingKept: Kept = { values: {}, locked: [], images: {}, service: null }

/** So many workflows' forms are kept, those that were changed last. */
const mostKept = 50

/** By the id of the workflow, the one that was changed last at the end. */
export type AllKept = ReadonlyMap<string, Kept>

/** The forms as they were kept, or none where that cannot be read. */
export function readKept(text: string | null): AllKept {
  try {
    const read = z.array(z.tuple([z.string(), Kept])).safeParse(JSON.parse(text ?? '[]'))
    return new Map(read.success ? read.data : [])
  } catch {
    return new Map()
  }
}

/** The forms with one of them changed. */
export function withKept(all: AllKept, id: string, kept: Kept): AllKept {
  const rest = [...all].filter(([other]) => other !== id)
  return new Map([...rest, [id, kept] as const].slice(-mostKept))
}

/** What an input stands at: what was filled in, as far as the workflow still has an input of this type. */
export function valueOf(input: WorkflowInput, { values }: Kept): InputValue {
  const value = values[input.id]
  return value !== undefined && typeof value === typeof input.value ? value : input.value
}

/** The form with one value; the workflow's own is not kept, so that it follows the workflow's next version. */
export function withValue(kept: Kept, input: WorkflowInput, value: InputValue): Kept {
  const rest = Object.entries(kept.values).filter(([id]) => id !== input.id)
  return { ...kept, values: Object.fromEntries(value === input.value ? rest : [...rest, [input.id, value]]) }
}

/** The inputs that differ from the workflow, by their ids. */
export const changedValues = (form: readonly WorkflowInput[], kept: Kept): Record<string, InputValue> =>
  Object.fromEntries(
    form
      .map((input) => [input, valueOf(input, kept)] as const)
      .flatMap(([input, value]) => (value === input.value ? [] : [[input.id, value]])),
  )

/** An id that Regie gave a picture; a workflow's own pictures have names. */
const pictureId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A form as something was run with it, its seeds locked. */
export function keptFrom(values: Readonly<Record<string, InputValue>>, service: string): Kept {
  const given = Object.values(values).filter((value) => typeof value === 'string' && pictureId.test(value))
  const unknown: KeptImage = { name: null, size: null, isFromGallery: false }
  return {
    values: { ...values },
    locked: Object.keys(values),
    images: Object.fromEntries(given.map((id) => [String(id), unknown])),
    service,
  }
}

/** The greatest seed that an input takes, and that a number can say exactly. */
export const mostSeed = ({ max }: WorkflowInput): number => Math.min(max ?? Infinity, Number.MAX_SAFE_INTEGER)

/** A seed that an input takes. */
export const seedFor = (input: WorkflowInput): number => drawSeed() % (mostSeed(input) + 1)

/** The form with a new seed in every input for one that is not locked. */
export const withNewSeeds = (form: readonly WorkflowInput[], kept: Kept): Kept =>
  form
    .filter(({ id, role, type }) => role === 'seed' && type === 'integer' && !kept.locked.includes(id))
    .reduce((now, input) => withValue(now, input, seedFor(input)), kept)

/** A seed that is left out is drawn: one that is locked is said, also where it is the workflow's own. */
const lockedSeeds = (form: readonly WorkflowInput[], kept: Kept): Record<string, InputValue> =>
  Object.fromEntries(
    form
      .filter(({ id, role }) => role === 'seed' && kept.locked.includes(id))
      .map((input) => [input.id, valueOf(input, kept)]),
  )

/** What is asked of a service: the version on screen with what was filled in. Without a prompt it is called by its name. */
export function paramsOf(
  { id, name, version, form, pinned }: Pick<WorkflowDetail, 'id' | 'name' | 'version' | 'form' | 'pinned'>,
  kept: Kept,
): GenerationParams {
  const prompts = form.filter(({ role }) => role === 'prompt')
  const lead = prompts.find((input) => pinned.includes(input.id)) ?? prompts[0]
  const prompt = lead ? String(valueOf(lead, kept)).trim() : ''
  return {
    prompt: prompt === '' ? name : prompt,
    workflow: id,
    workflowVersion: version,
    values: { ...changedValues(form, kept), ...lockedSeeds(form, kept) },
  }
}
