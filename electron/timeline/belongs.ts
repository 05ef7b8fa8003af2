import path from 'node:path'
import type { Service } from '../../shared/contract'
import { readComposeLabels } from '../docker/containers'

/** Compose writes paths of the machine where it ran; on Windows case and the slash make no difference. */
const samePath = (a: string, b: string) =>
  path.normalize(a) === path.normalize(b) ||
  (process.platform === 'win32' && path.normalize(a).toLowerCase() === path.normalize(b).toLowerCase())

/** The service that a container belongs to, by its id or by what Compose wrote into its labels. */
export function serviceOfContainer(
  services: Iterable<Service>,
  containerId: string,
  labels: Readonly<Record<string, string>>,
): string | null {
  const made = readComposeLabels(labels)
  if (made?.oneOff) return null
  for (const { id, compose, container } of services) {
    if (container?.id === containerId) return id
    if (!compose || compose.service !== made?.service) continue
    if (compose.project !== undefined) {
      if (compose.project === made.project) return id
      continue
    }
    const isItsFile = made.configFiles.some((file) => samePath(file, compose.file))
    if (isItsFile || samePath(made.workingDir, path.dirname(compose.file))) return id
  }
  return null
}
