import type { Behaviour } from '../behaviour'
import { encodePng } from '../media/png'
import { encodeJpeg, type Raster } from '../media/raster'
import { denoise, paintPicture, type PictureRequest } from '../picture'
import { pause } from '../slices'
import type { Hub } from './hub'
import type { Preview, Run } from './run'
import { Interrupted, NodeException } from './values'

interface SamplerOptions {
  behaviour: () => Behaviour
  hub: Hub
  closing: AbortSignal
  crash: () => void
  isInterrupted: () => boolean
}

interface SamplerJob {
  id: string
  run: Run
  owner: string | null
  steps: number
  /** The first picture of the batch: the one that previews show. */
  first: PictureRequest
}

/** The finished picture at the size of a preview: a third of the whole, at most 512 pixels. */
function paintSmall(first: PictureRequest): Promise<Raster> {
  const longest = Math.max(first.width, first.height)
  const scale = Math.min(512, Math.ceil(longest / 3)) / longest
  const size = (length: number) => Math.max(8, Math.round(length * scale))
  return paintPicture({ ...first, width: size(first.width), height: size(first.height) })
}

const encodePreview = async (raster: Raster, kind: Behaviour['preview']): Promise<Preview> =>
  kind === 'png'
    ? { mime: 'image/png', bytes: await encodePng(raster) }
    : { mime: 'image/jpeg', bytes: encodeJpeg(raster) }

/** Goes through the steps at the planned pace, with progress, previews and the failures that were asked for. */
export async function sample({ behaviour, closing, crash, hub, isInterrupted }: SamplerOptions, job: SamplerJob) {
  const { id, run, owner, steps, first } = job
  const small = behaviour().preview === 'none' ? null : await paintSmall(first)
  let due = performance.now()
  for (let step = 1; step <= steps; step++) {
    const plan = behaviour()
    // Preparing previews takes part of the step's time.
    due = Math.max(performance.now(), due + plan.stepMs)
    await pause(due - performance.now(), closing)
    if (plan.hangAtStep === step) await new Promise((resolve) => closing.addEventListener('abort', resolve))
    if (closing.aborted || isInterrupted()) throw new Interrupted()
    if (plan.oomAtStep === step) throw new NodeException('torch.OutOfMemoryError', 'Allocation on device ')
    if (plan.crashAtStep === step) crash()
    if (plan.dropSocketAtStep === step && owner !== null) hub.cut(owner)
    const seen = small && denoise(small, step / steps, first.seed + step)
    run.progress(id, step, steps, seen && (await encodePreview(seen, plan.preview)))
  }
}
