import type { Container } from 'dockerode'
import { until } from '../until'

/** Pauses a container. On a busy machine runc gives up freezing its processes (“unable to freeze”), and does it later. */
export async function pause(container: Container): Promise<void> {
  await until('the container to be paused', async () => {
    await container.pause()
    return true
  })
}
