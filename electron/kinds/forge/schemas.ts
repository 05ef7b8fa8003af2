import * as z from 'zod'
import { parseJson } from '../json'

/** `GET /sdapi/v1/options`, the keys that Regie reads. */
export const Options = z.object({
  sd_model_checkpoint: z.string().nullish(),
  /** Text encoders and VAEs that are chosen in the service itself. */
  forge_additional_modules: z.array(z.unknown()).nullish().catch(null),
})

/** `GET /sdapi/v1/sd-models`: `title` is `name.safetensors [hash]`, the hash is missing until it was computed. */
export const Models = z.array(z.object({ title: z.string(), model_name: z.string() }))
export type Models = z.infer<typeof Models>

/** `GET /sdapi/v1/loras` of the built-in extension; elsewhere there is no such route. */
export const Loras = z.array(z.object({ name: z.string() }))

/** `GET /sdapi/v1/sd-modules`: text encoders and VAEs, by file name. A1111 has no such route. */
export const Modules = z.array(z.object({ model_name: z.string() }))
export type Modules = z.infer<typeof Modules>

export const Samplers = z.array(z.object({ name: z.string() }))
export const Schedulers = z.array(
  z.object({ name: z.string(), label: z.string(), aliases: z.array(z.string()).nullish() }),
)
export type Schedulers = z.infer<typeof Schedulers>

/** `GET /sdapi/v1/progress`: one state for the whole server, whoever's job runs. */
export const Progress = z.object({
  progress: z.number(),
  state: z
    .object({
      job: z.string().default(''),
      job_count: z.number().default(0),
      job_no: z.number().default(0),
      /** Begin of the last job, to the second (local time of the service). */
      job_timestamp: z.string().default(''),
      sampling_step: z.number().default(0),
      sampling_steps: z.number().default(0),
      interrupted: z.boolean().default(false),
    })
    .partial()
    .nullish(),
})
export type Progress = z.infer<typeof Progress>

/** `GET /internal/pending-tasks`: what waits, without what runs (modules/progress.py). */
export const PendingTasks = z.object({ size: z.number().int().nonnegative() })

/** `POST /internal/progress`: one task alone, by its id. A task that was never heard of is none of the three. */
export const TaskProgress = z.object({
  active: z.boolean(),
  queued: z.boolean(),
  completed: z.boolean(),
  progress: z.number().nullish(),
  /** A whole `data:` URI; null where the caller has this picture already. */
  live_preview: z.string().nullish(),
  id_live_preview: z.number().nullish(),
  /** `In queue: 2/3` while it waits. */
  textinfo: z.string().nullish(),
})
export type TaskProgress = z.infer<typeof TaskProgress>

export const Info = z.object({
  seed: z.number().nullish(),
  sampler_name: z.string().nullish(),
  sd_model_name: z.string().nullish(),
  index_of_first_image: z.number().int().nonnegative().nullish(),
  /** The same as in the progress while this job ran. */
  job_timestamp: z.string().nullish(),
})
export type Info = z.infer<typeof Info>

/** A 200 of `POST /sdapi/v1/txt2img`, its pictures left out of the texts; `info` is JSON in a string. */
export const PictureAnswer = z.object({
  images: z.array(z.string()),
  info: z
    .string()
    .default('{}')
    .transform((text) => Info.catch({}).parse(parseJson(text))),
})
export type PictureAnswer = z.infer<typeof PictureAnswer>

const Bytes = z.object({ current: z.number() })

/** `GET /sdapi/v1/memory`, in bytes; without CUDA it tells an error in place of the figures. */
export const Memory = z.object({
  cuda: z
    .object({ system: z.object({ free: z.number(), total: z.number() }), active: Bytes, reserved: Bytes })
    .nullable()
    .catch(null),
})
export type Memory = z.infer<typeof Memory>

/** `GET /config` of gradio. */
export const GradioConfig = z.object({ version: z.string() })

/** A 422: `detail` is a list for values that do not fit, and a string for unknown scripts. */
export const Invalid = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() })),
  ]),
})

/** A 400 of a job. */
export const Refused = z.object({ detail: z.string() })
