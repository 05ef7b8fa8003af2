import { randomUUID } from 'node:crypto'
import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { memberOf, membersOf, objectOf, stringOf, type Member } from '../../gateway/spans'
import { parseJson } from '../../json'
import { TaskProgress } from '../schemas'
import { checkPlaces } from './places'

/** Pictures to start from come in the body, in base64. */
const maxBytes = 96 * 2 ** 20

/** Jobs that were given to Forge and have not ended as far as is known, with who asked. */
export interface Tasks {
  begin: (visitor: Visitor, id: string | null) => () => void
  /** Notes a task; false where it is somebody else's. */
  note: (id: string, visitor: Visitor) => boolean
  /** Whether a task of that name was noted before, or waits. */
  isKnown: (id: string) => boolean
  /** A person's task waits here, before Forge knows of it; returns what ends that. */
  wait: (id: string, visitor: Visitor) => () => void
  waits: (id: string) => boolean
  /** How Forge says that a task stands; null where this Forge does not tell. Throws a Problem where it does not answer. */
  standing: (id: string) => Promise<TaskProgress | null>
  owns: (visitor: Visitor, id: string | null) => boolean
  /**
   * Whether a person's task is the one that runs; null where this Forge does not tell (it serves no pages). Throws a
   * Problem where it does not answer.
   */
  isOwnRunning: (visitor: Visitor) => Promise<boolean | null>
  /** Whether this person, and nobody else, has a request open here. */
  isAlone: (visitor: Visitor) => boolean
}

export function createTasks({ owners, ask }: GatewayWorld): Tasks {
  const open = new Map<symbol, { account: string; id: string | null }>()
  const waiting = new Map<string, string>()

  const standing = async (id: string): Promise<TaskProgress | null> => {
    const json = { id_task: id, id_live_preview: -1, live_preview: false }
    const { status, body } = await ask({ method: 'POST', target: '/internal/progress', json, kind: 'progress' })
    if (status === 404) return null
    const read = TaskProgress.safeParse(status === 200 ? parseJson(body.toString('utf8')) : undefined)
    if (!read.success) throw new Problem('gateway.running-unknown')
    return read.data
  }

  return {
    begin(visitor, id) {
      const mark = Symbol(id ?? 'work')
      open.set(mark, { account: visitor.account, id })
      return () => void open.delete(mark)
    },
    note: (id, visitor) => owners.note('task', id, visitor),
    isKnown: (id) => waiting.has(id) || owners.of('task', id) !== null,
    wait(id, { account }) {
      waiting.set(id, account)
      return () => void waiting.delete(id)
    },
    waits: (id) => waiting.has(id),
    standing,
    owns: ({ account }, id) => id !== null && (waiting.get(id) ?? owners.of('task', id)?.account) === account,
    async isOwnRunning({ account }) {
      const own = [...open.values()].flatMap((task) => (task.account === account ? (task.id ?? []) : []))
      for (const id of new Set(own)) {
        const told = await standing(id)
        if (told === null || told.active) return told === null ? null : true
      }
      return false
    },
    isAlone({ account }) {
      const accounts = [...open.values()].map((task) => task.account)
      return accounts.length > 0 && accounts.every((one) => one === account)
    },
  }
}

/**
 * Settings that concern one picture, which is what `override_settings` is for. Others say where and under which names files
 * are written, or stay for everybody: what is not here is an administrator's.
 */
const ofOnePicture = new RegExp(
  `^(?:${[
    ...[
      'sd_model_checkpoint',
      'sd_vae',
      'sd_unet',
      'sd_hypernetwork',
      'forge_additional_modules',
      'CLIP_stop_at_last_layers',
    ],
    ...['samples_format', 'jpeg_quality', 'webp_lossless', 'return_grid', 'return_mask', 'return_mask_composite'],
    ...[
      'eta_(?:ddim|ancestral|noise_seed_delta)',
      'ddim_discretize',
      's_(?:churn|tmin|tmax|noise|min_uncond)',
      'sigma_(?:min|max)',
    ],
    ...['rho', 'k_sched_type', 'always_discard_next_to_last_sigma', 'sgm_noise_multiplier', 'randn_source', 'emphasis'],
    ...[
      'comma_padding_backtrack',
      'use_old_[a-z_]+',
      'token_merging_ratio(?:_img2img|_hr)?',
      'pad_cond_uncond',
      'tiling',
    ],
    ...[
      'face_restoration(?:_model)?',
      'code_former_weight',
      'upscaler_for_img2img',
      'img2img_(?:color_correction|fix_steps|background_color)',
    ],
    ...[
      'initial_noise_multiplier',
      'inpainting_mask_weight',
      'hires_fix_[a-z_]+',
      'show_progress_type',
      'enable_emphasis',
    ],
  ].join('|')})$`,
)

function checkSettings(members: readonly Member[], id: string): void {
  const settings = membersOf(memberOf(members, 'override_settings') ?? '') ?? []
  if (settings.some(({ key }) => !ofOnePicture.test(key))) throw new Problem('gateway.admin-only', { id })
}

/** A whole number of a body's, as Forge takes it: 1 where it is left out. */
function countOf(members: readonly Member[], name: string): number {
  const count = Number(memberOf(members, name) ?? 1)
  return Number.isInteger(count) && count > 0 && count < 1000 ? count : 1
}

/** Settings of a call would stay after it. */
const staying = 'override_settings_restore_afterwards'

/** `txt2img` and `img2img`: the task gets an id, by which it can be told whose it is. */
export function makePicture(
  question: GatewayQuestion,
  visitor: Visitor,
  { world, tasks }: { world: GatewayWorld; tasks: Tasks },
): Handling {
  let jobId: string | null = null
  let images: number | null = null
  let end = () => {}
  return {
    jobId: () => jobId,
    images: () => images,
    ended: () => end(),
    body: {
      maxBytes,
      read(body) {
        const text = bodyText(body, question.headers)
        const job = parseJson(text)
        const members = job === undefined ? null : membersOf(text)
        // No object is no job: the service says so itself.
        if (members === null) return Buffer.from(job === undefined && text !== '' ? '{' : text)
        const sent = memberOf(members, 'force_task_id')
        const given = stringOf(sent)
        if (sent !== null && sent !== 'null' && given === null)
          throw new Problem('gateway.unreadable', { why: 'force_task_id is no text' })
        // An empty text is none to Forge, too.
        const id = given || `task(regie-${randomUUID()})`
        if (id.length > 200) throw new Problem('gateway.unreadable', { why: 'force_task_id is too long' })
        if (visitor.role !== 'admin') {
          checkSettings(members, world.serviceId)
          checkPlaces(job)
        }
        if (!tasks.note(id, visitor)) throw new Problem('gateway.job-id-taken')
        jobId = id
        images = countOf(members, 'batch_size') * countOf(members, 'n_iter')
        end = tasks.begin(visitor, id)
        const isKept = ({ key }: Member) => key !== 'force_task_id' && (visitor.role === 'admin' || key !== staying)
        return Buffer.from(objectOf([{ key: 'force_task_id', value: JSON.stringify(id) }, ...members.filter(isKept)]))
      },
    },
  }
}

/** Work without an id, such as upscaling: it stands in Forge's one line all the same, from the time when it is sent on. */
export function otherWork(visitor: Visitor, tasks: Tasks): Handling {
  let end: (() => void) | null = null
  const begin = (chunk: Buffer) => {
    end ??= tasks.begin(visitor, null)
    return chunk
  }
  return { watch: () => ({ next: begin, end: () => begin(Buffer.alloc(0)) }), ended: () => end?.() }
}

/** `controlnet/detect`: the same, of pictures that a user brings along. */
export function detect(question: GatewayQuestion, visitor: Visitor, tasks: Tasks): Handling {
  if (visitor.role === 'admin') return otherWork(visitor, tasks)
  let end = () => {}
  return {
    ended: () => end(),
    body: {
      maxBytes,
      read(body) {
        const job = parseJson(bodyText(body, question.headers))
        if (job === undefined) throw new Problem('gateway.unreadable', { why: 'its body is no JSON' })
        checkPlaces(job)
        end = tasks.begin(visitor, null)
        return body
      },
    },
  }
}
