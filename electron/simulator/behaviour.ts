import { z } from 'zod'
import { sampleKinds } from './media/samples'

/** How a simulator paces its work and what it is told to do wrong. All times are milliseconds. */
const schema = z.strictObject({
  /** Wait before the port is opened, as a program does that still imports its libraries. */
  slowStartMs: z.number().int().min(0),
  /** Forge only: gradio listens this long before the API routes answer. */
  apiRoutesDelayMs: z.number().int().min(0),
  /** First load of a model. */
  loadMs: z.number().min(0),
  /** One sampling step. */
  stepMs: z.number().min(0),
  /** Live previews. Forge always sends PNG when they are on. */
  preview: z.enum(['none', 'jpeg', 'png']),
  /** `none`: the model folders are empty, as after a fresh install. `former`: ComfyUI has what people had in 2025. */
  models: z.enum(['default', 'former', 'none']),
  /** Sampling step (from 1) at which the model runs out of memory. */
  oomAtStep: z.number().int().min(1).nullable(),
  /** Sampling step at which the program dies. */
  crashAtStep: z.number().int().min(1).nullable(),
  /** Sampling step that never ends; the server goes on answering, and not even an interrupt helps. */
  hangAtStep: z.number().int().min(1).nullable(),
  /** ComfyUI only: sampling step at which the owner's WebSocket is cut. The job goes on. */
  dropSocketAtStep: z.number().int().min(1).nullable(),
  /** ComfyUI only: what comes out in place of the picture that was asked for. */
  picture: z.enum(['painted', 'black', 'flat', 'small']),
  /** ComfyUI only: what `SaveImage` saves beside its images, as nodes of other packs do. */
  alsoSaves: z.array(z.enum(sampleKinds)),
  /** ComfyUI only: every job is said to have come from the cache. */
  saysCached: z.boolean(),
  /** ComfyUI only: an interrupt stops whatever runs, whichever job it names, as before 0.3.57. */
  interruptsAnything: z.boolean(),
  /** ComfyUI only: classes of nodes of one pack, and packs that cannot be imported. */
  customNodes: z.array(z.string()),
  failedImports: z.array(z.string()),
  /** A made-up card that several simulators share: a folder, and what this one takes of it in MiB. Read at the start. */
  card: z
    .strictObject({ folder: z.string(), takesMiB: z.number().min(0), keepsMiB: z.number().min(0).default(300) })
    .nullable(),
})

export type Behaviour = z.infer<typeof schema>

const calm: Behaviour = {
  slowStartMs: 0,
  apiRoutesDelayMs: 0,
  loadMs: 700,
  stepMs: 140,
  preview: 'jpeg',
  models: 'default',
  oomAtStep: null,
  crashAtStep: null,
  hangAtStep: null,
  dropSocketAtStep: null,
  picture: 'painted',
  alsoSaves: [],
  saysCached: false,
  interruptsAnything: false,
  customNodes: [],
  failedImports: [],
  card: null,
}

/** The pace of a good card: ComfyUI's twenty steps in about three seconds, Forge's four in about one. */
export const defaultBehaviour = {
  comfyui: calm,
  forge: { ...calm, loadMs: 300, stepMs: 240 },
} as const satisfies Record<'comfyui' | 'forge', Behaviour>

/** Reads a behaviour file's content. Throws an Error that says which entry is wrong. */
export function parseBehaviour(json: string): Partial<Behaviour> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new Error('the behaviour file is not JSON', { cause: error })
  }
  const read = schema.partial().safeParse(value)
  if (!read.success) {
    const issues = read.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`)
    throw new Error(`the behaviour file is not valid: ${issues.join('; ')}`)
  }
  // A key that is absent from the file is absent here too.
  return Object.fromEntries(Object.entries(read.data).filter(([, v]) => v !== undefined))
}
