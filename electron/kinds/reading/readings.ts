import * as z from 'zod'
import { NodeClass } from '../comfyui/class-inputs'
import { History, ModelFiles, NodeModules, ObjectInfo, Queue, Submission, SystemStats } from '../comfyui/schemas'
import {
  GradioConfig,
  Loras,
  Memory,
  Models,
  Modules,
  Options,
  PendingTasks,
  PictureAnswer,
  Progress,
  Samplers,
  Schedulers,
  TaskProgress,
} from '../forge/schemas'
import type { AnswerKind } from '../limits'

interface Reading {
  kind: AnswerKind
  /** Picks what is wanted, and nothing else, out of the parsed JSON. */
  schema: z.ZodType
  /** A text that is a picture in base64: no word of it is shown, and it may be long. */
  picture?: string
}

/** What Regie reads of each answer. Functions of the JSON alone, so that they run on any thread. */
export const readings = {
  'system-stats': { kind: 'probe', schema: SystemStats },
  'model-files': { kind: 'models', schema: ModelFiles },
  'object-info': { kind: 'object-info', schema: ObjectInfo },
  'node-classes': { kind: 'object-info', schema: z.record(z.string(), NodeClass) },
  'node-modules': { kind: 'object-info', schema: NodeModules },
  queue: { kind: 'queue', schema: Queue },
  history: { kind: 'history', schema: History },
  submission: { kind: 'submission', schema: Submission },
  options: { kind: 'probe', schema: Options },
  models: { kind: 'models', schema: Models },
  loras: { kind: 'models', schema: Loras },
  modules: { kind: 'models', schema: Modules },
  samplers: { kind: 'samplers', schema: Samplers },
  schedulers: { kind: 'samplers', schema: Schedulers },
  memory: { kind: 'probe', schema: Memory },
  progress: { kind: 'progress', schema: Progress },
  task: { kind: 'preview', schema: TaskProgress, picture: 'live_preview' },
  'pending-tasks': { kind: 'progress', schema: PendingTasks },
  'gradio-config': { kind: 'page', schema: GradioConfig },
  pictures: { kind: 'pictures', schema: PictureAnswer },
} as const satisfies Record<string, Reading>

export type ReadingName = keyof typeof readings
export type ReadAs<R extends ReadingName> = z.output<(typeof readings)[R]['schema']>

/** The same table for code that takes any of them. */
export const readingOf = (name: ReadingName): Reading => readings[name]
