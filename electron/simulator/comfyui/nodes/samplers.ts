import { createHash } from 'node:crypto'
import { paintPicture, type PictureRequest } from '../../picture'
import type { Raster } from '../../media/raster'
import type { Conditioning, Latent, Model, Schedule } from '../values'
import type { Arguments, NodeClass, NodeContext, NodeResult } from './node'

interface Sampling {
  model: Model
  positive: Conditioning
  seed: number
  latent: Latent
  schedule: Schedule
}

const digest = ({ data }: Raster) => createHash('sha1').update(data).digest('hex')

/** An edit model starts from pure noise, yet keeps what the picture that it refers to shows. */
const keptOfReference = 0.55

/** What sampling makes of a latent: a picture by model, LoRAs, words, references, seed, source and mask. */
async function sampled(context: NodeContext, { model, positive, seed, latent, schedule }: Sampling): Promise<Latent> {
  const { width, height, mask } = latent
  const [before] = latent.pictures ?? []
  // A second pass goes on with what the first one made.
  const raster = before ? await paintPicture(before) : (latent.source ?? positive.images[0] ?? null)
  const refers = positive.images.length > 0 && schedule.denoise === 1
  const source = raster && { raster, mask, denoise: refers ? keptOfReference : schedule.denoise }
  const pictures = Array.from({ length: latent.batch }, (_, index): PictureRequest => ({
    prompt: positive.text,
    model: [model.file, ...model.with, ...positive.images.map(digest)].join('\n'),
    seed: seed + index,
    ...{ width, height },
    ...(source ? { source } : {}),
  }))
  const [first] = pictures
  if (first) await context.sample(schedule.steps, first)
  return { ...latent, pictures }
}

const modelOf = (args: Arguments) => args.value('model', 'model').model
const wordsOf = (args: Arguments, name: string) => args.value(name, 'conditioning').conditioning
const latentOf = (args: Arguments) => args.value('latent_image', 'latent').latent

/** What all that takes model, words and latent by itself has in common. */
const direct = (args: Arguments) => ({
  model: modelOf(args),
  positive: wordsOf(args, 'positive'),
  latent: latentOf(args),
})

const made = (latent: Latent): NodeResult => ({ values: [{ kind: 'latent', latent }] })
const scheduled = (...all: Schedule[]): NodeResult => ({
  values: all.map((schedule) => ({ kind: 'sigmas', schedule })),
})

/** The part of `steps` from one to another, of which the last one ends in the finished picture. */
const partOf = ({ steps, denoise }: Schedule, from: number): Schedule => {
  const start = Math.max(0, Math.min(steps, from))
  return { steps: steps - start, denoise: steps === 0 ? 0 : (denoise * (steps - start)) / steps }
}

const schedules: Record<string, NodeClass> = {
  BasicScheduler: {
    run: (args) => scheduled({ steps: args.number('steps'), denoise: args.number('denoise', 1) }),
  },
  SDTurboScheduler: {
    run: (args) => scheduled({ steps: args.number('steps'), denoise: args.number('denoise', 1) }),
  },
  Flux2Scheduler: { run: (args) => scheduled({ steps: args.number('steps'), denoise: 1 }) },
  ManualSigmas: {
    run: (args) => {
      const sigmas = (args.text('sigmas').match(/[-+]?\d*\.?\d+/g) ?? []).map(Number)
      return scheduled({ steps: Math.max(0, sigmas.length - 1), denoise: Math.max(0, Math.min(1, sigmas[0] ?? 0)) })
    },
  },
  SplitSigmas: {
    run: (args) => {
      const { schedule } = args.value('sigmas', 'sigmas')
      const step = Math.min(args.number('step'), schedule.steps)
      return scheduled({ steps: step, denoise: schedule.denoise }, partOf(schedule, step))
    },
  },
}

export const samplers: Record<string, NodeClass> = {
  ...schedules,
  KSampler: {
    run: async (args, context) => {
      const schedule = { steps: args.number('steps'), denoise: args.number('denoise', 1) }
      return made(await sampled(context, { ...direct(args), seed: args.number('seed'), schedule }))
    },
  },
  KSamplerAdvanced: {
    run: async (args, context) => {
      const steps = Math.min(args.number('steps'), args.number('end_at_step'))
      const schedule = partOf({ steps, denoise: 1 }, args.number('start_at_step'))
      return made(await sampled(context, { ...direct(args), seed: args.number('noise_seed'), schedule }))
    },
  },
  SamplerCustom: {
    run: async (args, context) => {
      const { schedule } = args.value('sigmas', 'sigmas')
      const latent = await sampled(context, { ...direct(args), seed: args.number('noise_seed'), schedule })
      return { values: [...made(latent).values, ...made(latent).values] }
    },
  },
  SamplerCustomAdvanced: {
    run: async (args, context) => {
      const { model, positive } = args.value('guider', 'guider')
      const { seed } = args.value('noise', 'noise')
      const { schedule } = args.value('sigmas', 'sigmas')
      const latent = await sampled(context, { model, positive, seed, schedule, latent: latentOf(args) })
      return { values: [...made(latent).values, ...made(latent).values] }
    },
  },
  RandomNoise: { run: (args) => ({ values: [{ kind: 'noise', seed: args.number('noise_seed') }] }) },
  KSamplerSelect: { run: () => ({ values: [{ kind: 'sampler' }] }) },
  CFGGuider: {
    run: (args) => ({ values: [{ kind: 'guider', model: modelOf(args), positive: wordsOf(args, 'positive') }] }),
  },
  BasicGuider: {
    run: (args) => ({ values: [{ kind: 'guider', model: modelOf(args), positive: wordsOf(args, 'conditioning') }] }),
  },
}
