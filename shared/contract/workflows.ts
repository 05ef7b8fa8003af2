import * as z from 'zod'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { Need } from './families'

/** The largest workflow file, or picture with one in it, that is read, in bytes. */
export const largestWorkflowBytes = 16 * 1024 * 1024

/**
 * What a file is. `api`: what the server takes. `editor`: what the editor saves. `app`: the editor's with a form over it
 * (App Mode). `image`: a picture that carries one of them.
 */
const WorkflowFormat = z.enum(['api', 'editor', 'app', 'image'])
export type WorkflowFormat = z.infer<typeof WorkflowFormat>

/** What an input of a workflow is to the person who runs it. */
const InputRole = z.enum([
  ...([
    'prompt',
    'negativePrompt',
    'seed',
    'width',
    'height',
    'batch',
    'steps',
    'cfg',
    'sampler',
    'scheduler',
  ] as const),
  ...(['denoise', 'model', 'lora', 'image', 'mask'] as const),
])
export type InputRole = z.infer<typeof InputRole>

/** The value of an input; an image's is the id of an input picture, or the name that the workflow was saved with. */
export const InputValue = z.union([z.string().max(65_536), z.number(), z.boolean()])
export type InputValue = z.infer<typeof InputValue>

/** One input that a person may set: a widget of a node that nothing is linked to. */
export const WorkflowInput = z.object({
  /** `node.input` of the graph that the server takes, e.g. `12:3.seed`: what values are given by. */
  id: z.string(),
  node: z.string(),
  input: z.string(),
  /** The title of its node, else the class. */
  nodeTitle: z.string(),
  /** Its label in the workflow, else its name. */
  label: z.string(),
  type: z.enum(['text', 'integer', 'number', 'boolean', 'choice', 'image']),
  role: InputRole.nullable(),
  multiline: z.boolean(),
  /** As the workflow was saved. */
  value: InputValue,
  min: z.number().nullable(),
  max: z.number().nullable(),
  step: z.number().nullable(),
  /** What a `choice` may be on the service that it was read by; empty for others. */
  choices: z.array(z.string()),
})
export type WorkflowInput = z.infer<typeof WorkflowInput>

/** A node as the map shows it. */
export const WorkflowNode = z.object({
  id: z.string(),
  title: z.string(),
  type: z.string(),
  /** Where it stands in the editor; null where the file does not say. */
  at: z.object({ x: z.number(), y: z.number() }).nullable(),
  state: z.enum(['runs', 'bypassed', 'muted', 'editor-only']),
  /** The nodes that it takes something from. */
  from: z.array(z.string()),
})
export type WorkflowNode = z.infer<typeof WorkflowNode>

/** A node that a conversion passed over, with the reason. */
const Skipped = z.object({ node: z.string(), title: z.string(), why: z.enum(['bypassed', 'muted', 'unused', 'note']) })

/** A node for which a workflow cannot be converted. */
export const RefusedNode = z.object({ node: z.string(), title: z.string(), reason: ReasonSchema })
export type RefusedNode = z.infer<typeof RefusedNode>

/** Whether a service takes a workflow; asked of the service itself, without running it. */
const Validated = z.object({
  serviceId: Slug,
  /** Null where it could not be asked, as `reason` says. */
  accepted: z.boolean().nullable(),
  tookMs: z.number().nullable(),
  reason: ReasonSchema.nullable(),
})

/** What stands in a file, read and checked; nothing is kept. */
export const WorkflowReport = z.object({
  fileName: z.string(),
  bytes: z.number().int(),
  format: WorkflowFormat,
  /** What the file says it is, e.g. `0.4`; null where it does not. */
  formatVersion: z.string().nullable(),
  /** `missing`: it can be imported, and run once what is missing is there. `refused`: nothing is imported. */
  verdict: z.enum(['recognised', 'missing', 'refused']),
  /** Why it is refused as a whole, where it is not for single nodes. */
  reason: ReasonSchema.nullable(),
  refused: z.array(RefusedNode),
  /** Counted in the file. */
  nodes: z.number().int(),
  subgraphs: z.number().int(),
  skipped: z.array(Skipped),
  inputs: z.array(WorkflowInput),
  /** Ids of inputs that are shown first: those of a form over the workflow, else those with a usual role. */
  pinned: z.array(z.string()),
  missing: z.array(Need),
  /** Null where no ComfyUI could be reached: the file was parsed only. */
  validated: Validated.nullable(),
  /** The workflow of the same name, which it would be a new version of. */
  replaces: z.object({ id: RecordId, version: z.number().int(), same: z.boolean() }).nullable(),
})
export type WorkflowReport = z.infer<typeof WorkflowReport>

export const WorkflowName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'no control characters and no halves of characters')

/** One state of a workflow; changes make a new one. */
const WorkflowVersion = z.object({
  version: z.number().int().positive(),
  at: Timestamp,
  by: AccountId,
  /** How it came to be. */
  change: z.enum(['imported', 'pins', 'restored']),
  /** The file that it was imported from; null for others. */
  fileName: z.string().nullable(),
  nodes: z.number().int(),
})
export type WorkflowVersion = z.infer<typeof WorkflowVersion>

/** A workflow that somebody imported. */
export const Workflow = z.object({
  id: RecordId,
  name: WorkflowName,
  format: WorkflowFormat,
  /** Newest first. */
  versions: z.array(WorkflowVersion).min(1),
  /** Of the newest version. */
  nodes: z.number().int(),
  inputs: z.number().int(),
})
export type Workflow = z.infer<typeof Workflow>

/** A version of a workflow with all that its page shows. */
export const WorkflowDetail = Workflow.extend({
  version: z.number().int(),
  form: z.array(WorkflowInput),
  /** In the order in which they are shown. */
  pinned: z.array(z.string()),
  graph: z.array(WorkflowNode),
  skipped: z.array(Skipped),
  /** What people wrote into it. */
  notes: z.array(z.string()),
})
export type WorkflowDetail = z.infer<typeof WorkflowDetail>

/** What a workflow needs, row by row, and which services have it. */
export const WorkflowNeeds = z.object({
  rows: z.array(
    z.object({
      need: Need,
      /** The nodes that want it. */
      nodes: z.array(z.string()),
      /** Size in bytes and where the file itself says that it can be had; null where it does not. */
      bytes: z.number().nullable(),
      url: z.string().nullable(),
      /** By service; null: not known. */
      present: z.record(Slug, z.boolean().nullable()),
    }),
  ),
  /** Every ComfyUI, whether it could be asked, and when. */
  services: z.array(
    z.object({
      id: Slug,
      answered: z.boolean(),
      reason: ReasonSchema.nullable(),
      at: Timestamp,
      /** What its inputs of the type `choice` may be there now, by their ids, as far as the form says otherwise. */
      choices: z.record(z.string(), z.array(z.string())),
    }),
  ),
})
export type WorkflowNeeds = z.infer<typeof WorkflowNeeds>

const tags = ['workflows']
const one = z.object({ id: RecordId })
const file = z.file().max(largestWorkflowBytes)
const bad = ['UNPROCESSABLE_CONTENT', ...gives.store] as const

/** Anybody runs them; administrators import and change them: a graph runs on the machine with all of its nodes. */
export const workflows = {
  list: procedure('user')
    .route({ method: 'GET', path: '/workflows', tags, summary: 'Imported workflows, by name' })
    .output(z.array(Workflow)),
  get: procedure('user', { errors: gives.store })
    .route({ method: 'GET', path: '/workflows/{id}', tags, summary: 'One workflow: its form and its graph' })
    .input(one.extend({ version: z.coerce.number().int().positive().optional() }))
    .output(WorkflowDetail),
  needs: procedure('user', { errors: gives.store })
    .route({ method: 'GET', path: '/workflows/{id}/needs', tags, summary: 'What it needs, and which services have it' })
    .input(one.extend({ version: z.coerce.number().int().positive().optional() }))
    .output(WorkflowNeeds),
  inspect: procedure('admin', { errors: bad, example: { file: 'portrait.json' } })
    .route({
      method: 'POST',
      path: '/workflow-reports',
      tags,
      summary: 'Read and check a workflow file; keeps nothing',
    })
    .input(z.object({ file }))
    .output(WorkflowReport),
  import: procedure('admin', {
    errors: ['NOT_FOUND', 'CONFLICT', ...bad],
    example: { file: 'portrait.json', name: 'Portrait' },
  })
    .route({ method: 'POST', path: '/workflows', successStatus: 201, tags, summary: 'Import a workflow file' })
    .input(z.object({ file, name: WorkflowName.optional(), replaces: RecordId.optional() }))
    .output(WorkflowDetail),
  change: procedure('admin', { errors: ['CONFLICT', ...gives.store], example: { name: 'Portrait at dusk' } })
    .route({ method: 'PATCH', path: '/workflows/{id}', tags, summary: 'Rename it, or choose its pinned inputs' })
    .input(one.extend({ name: WorkflowName.optional(), pinned: z.array(z.string().max(300)).max(500).optional() }))
    .output(WorkflowDetail),
  restore: procedure('admin', { errors: gives.store, example: { version: 1 } })
    .route({ method: 'POST', path: '/workflows/{id}/restore', tags, summary: 'Make an earlier version the newest' })
    .input(one.extend({ version: z.number().int().positive() }))
    .output(WorkflowDetail),
  remove: procedure('admin', { errors: gives.store })
    .route({ method: 'DELETE', path: '/workflows/{id}', tags, summary: 'Remove a workflow; undone for 30 days' })
    .input(one)
    .output(z.object({ id: z.string() })),
  undoRemove: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({ method: 'POST', path: '/workflows/{id}/undo-remove', tags, summary: 'Put a removed workflow back' })
    .input(one)
    .output(WorkflowDetail),
  export: procedure('user', { errors: gives.store })
    .route({
      method: 'GET',
      path: '/workflows/{id}/export',
      tags,
      summary: 'As the file that was imported, or in the format that the server takes',
      outputStructure: 'detailed',
    })
    .input(one.extend({ as: z.enum(['file', 'api']).default('file') }))
    .output(z.object({ headers: z.record(z.string(), z.string()), body: z.file() })),
}
