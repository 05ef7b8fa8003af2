import type { Service, ServiceConfig, VaultReference } from '../../../../shared/contract'
import { composeOf, formOf, processOf, type EditForm } from './edit-form'

const portOf = (url: string): string => (URL.canParse(url) ? new URL(url).port : '')

/** The first port after this one at which none of the services is. */
function nextUrl(url: string, taken: readonly string[]): string {
  if (portOf(url) === '') return url
  const next = new URL(url)
  const hosts = new Set(taken.filter((one) => URL.canParse(one)).map((one) => new URL(one).host))
  for (let port = Number(next.port) + 1; port < 65_536; port++) {
    next.port = String(port)
    if (!hosts.has(next.host)) return next.href.replace(/\/$/, '')
  }
  return url
}

/** A copy of a service, to be edited: at the next free port, which its arguments name too. */
export function copyOf(service: Service, name: string, services: readonly Service[]): EditForm {
  const form = formOf(service)
  const isOwn = service.runtime === 'process' || service.runtime === 'simulator'
  const url = isOwn
    ? nextUrl(
        service.url,
        services.map((one) => one.url),
      )
    : service.url
  const [before, after] = [portOf(service.url), portOf(url)]
  const args = before === '' ? form.args : form.args.replaceAll(new RegExp(`(?<=^|=|:)${before}$`, 'gm'), after)
  return { ...form, ...{ name, url, args, order: '' } }
}

/** Whether another service stands for the same Compose service, or is at the same address of this machine. */
export function clashOf(
  service: Service,
  form: EditForm,
  services: readonly Service[],
): 'url' | 'composeService' | null {
  const isOwn = service.runtime === 'process' || service.runtime === 'simulator'
  if (isOwn && services.some(({ url }) => url === form.url.trim())) return 'url'
  if (service.runtime !== 'compose') return null
  const wanted = composeOf(form)
  const isTaken = services.some(
    ({ compose }) =>
      compose?.file === wanted.file && compose.service === wanted.service && compose.project === wanted.project,
  )
  return isTaken ? 'composeService' : null
}

/** The copy as the panel takes it. */
export function configOf(
  service: Service,
  id: string,
  { form, made }: { form: EditForm; made: ReadonlyMap<number, VaultReference> },
): ServiceConfig {
  const name = form.name.trim()
  return {
    ...{ id, kind: service.kind, runtime: service.runtime, url: form.url.trim() },
    ...{ tags: form.tags, idle: { wake: form.wake } },
    ...(name !== '' && name !== id && { name }),
    ...(form.order.trim() !== '' && { order: Number(form.order) }),
    ...(form.credentialId !== '' && { credentialId: form.credentialId }),
    ...(form.gpuUuid !== '' && { gpuUuid: form.gpuUuid }),
    ...(service.runtime === 'process' && { process: processOf(form, service.process, made) }),
    ...(service.runtime === 'compose' && { compose: composeOf(form) }),
  }
}
