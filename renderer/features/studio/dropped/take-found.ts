import type { FoundParams } from '../../../../shared/png-parameters'
import { client } from '../../../api/client'
import { fitSide } from '../form'
import { changeForm, currentForm } from '../store'
import { takenBy } from './taken-by'

/** Fills the form with what made an image; the ready services get what they know of it. */
export async function takeFound(found: FoundParams): Promise<void> {
  const { prompt = '', negativePrompt = '', seed, width, height } = found
  const size =
    width === undefined || height === undefined ? ('own' as const) : { width: fitSide(width), height: fitSide(height) }
  changeForm({
    ...{ prompt, negativePrompt, size, isCustomSize: false },
    ...(seed === undefined ? {} : { seed, keepSeed: true }),
  })
  const services = await client.services.list()
  const ready = services.filter(({ health }) => health.state === 'ready')
  const perService = await Promise.all(
    ready.map(async ({ id }) => [id, takenBy(found, await client.services.capabilities({ id }))] as const),
  )
  changeForm({ perService: { ...currentForm().perService, ...Object.fromEntries(perService) } })
}
