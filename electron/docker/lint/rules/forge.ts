import { at, fixIn, serviceRule, type Draft, type FixDraft } from '../rule'
import { argumentsOf, environmentOf, find } from '../service'
import type { Arguments, Project, ServiceView } from '../model'
import { splitOutsideVariables } from '../../../compose/files/interpolation'
import { contentOf, itemsOf, textOf, valueOf } from '../yaml'

const hasFlag = (words: string, flag: string) => new RegExp(`(?:^|\\s)${flag}(?=$|[\\s=])`).test(words)

/** Whether a service is a Stable Diffusion WebUI, as far as its files tell. */
function isForge(service: ServiceView): boolean {
  const image = textOf(find(service, 'image')?.node ?? null) ?? ''
  return /forge|webui|automatic1111|a1111|sdnext/i.test(`${image} ${service.name}`)
}

/** The arguments that start it; null when they stand elsewhere, e.g. in the image. */
function forgeArguments(service: ServiceView, { variables }: Project) {
  const groups = argumentsOf(service, variables).filter(({ joined }) => joined.includes('--'))
  const words = groups.map(({ joined }) => joined).join(' ')
  return isForge(service) || hasFlag(words, '--gradio-auth') ? { groups, words } : null
}

/** `--api` without `--api-auth`: the API answers everybody. */
export const forgeApiOpen = serviceRule('forge-api-open', (service, project) => {
  const forge = forgeArguments(service, project)
  if (!forge || hasFlag(forge.words, '--api-auth')) return []
  if (!hasFlag(forge.words, '--api') && !hasFlag(forge.words, '--nowebui')) return []
  const places = forge.groups.flatMap((group) => group.places)
  const place = places.find(({ value }) => hasFlag(value, '--api') || hasFlag(value, '--nowebui'))
  if (!place) return []
  const fix = places.map(apiAuthFix).find((found) => found !== null) ?? null
  return [
    { ...at(place.file, place.node), severity: 'danger', problem: 'lint.forge-api-open', key: 'api', fixes: [fix] },
  ]
})

/** The login of the pages for the API too; only where it is made of variables, so that no secret is copied. */
function apiAuthFix({ file, node }: Arguments): FixDraft | null {
  const content = contentOf(file, node)
  if (content === null) return null
  const start = content.text.search(/--gradio-auth[= ]/)
  if (start === -1) return null
  const [login = ''] = splitOutsideVariables(content.text.slice(start + '--gradio-auth '.length), ' ')
  if (!/^\$\{[^}]*\}:\$\{[^}]*\}$/.test(login)) return null
  const offset = content.start + start + '--gradio-auth '.length + login.length
  return fixIn(file, [{ start: offset, end: offset, text: ` --api-auth ${login}` }], {
    problem: 'lint.fix-api-auth',
    needs: 'recreate',
  })
}

const unsafe: [string, string][] = [
  [',', '“,”'],
  [' ', '“ ”'],
  [':', '“:”'],
]

/** A password that Forge splits. */
export const forgePassword = serviceRule('forge-password-unsafe', (service, project): Draft[] => {
  const forge = forgeArguments(service, project)
  if (!forge) return []
  const { env, variables } = project
  const names = new Set<string>()
  for (const { written } of forge.groups.flatMap(({ places }) => places))
    for (const [, name = ''] of written.matchAll(/--(?:gradio|api)-auth[= ]+\S*?:\$\{?([A-Za-z_]\w*)/g)) names.add(name)
  for (const { key, written } of environmentOf(service, variables)) {
    const name = /^\$\{?([A-Za-z_]\w*)/.exec(written ?? '')?.[1]
    if (/PASSWORD$/.test(key) && name !== undefined) names.add(name)
  }
  return (env?.entries ?? []).flatMap(({ key, keyEnd }): Draft[] => {
    const value = names.has(key) ? (variables.get(key) ?? '') : ''
    const found = unsafe.find(([character]) => value.includes(character))
    if (!env || !found) return []
    const place = { source: env.source, offset: keyEnd - key.length, key }
    return [{ ...place, severity: 'danger', problem: 'lint.forge-password-unsafe', params: { character: found[1] } }]
  })
})

/** `count` beside `--gpu-device-id`. */
export const forgeGpuId = serviceRule('forge-gpu-id', (service, project): Draft[] => {
  const forge = forgeArguments(service, project)
  const id = forge && /--(?:gpu-)?device-id[= ]+(\d+)/.exec(forge.words)?.[1]
  const devices = find(service, 'deploy', 'resources', 'reservations', 'devices')
  const place = forge?.groups.flatMap(({ places }) => places).find(({ value }) => /device-id/.test(value))
  if (!id || !devices || !place) return []
  const counts = itemsOf(devices.file, devices.node).map((device) => textOf(valueOf(devices.file, device, 'count')))
  const count = counts.find((found) => found !== null && /^\d+$/.test(found))
  if (!count) return []
  return [
    {
      ...at(place.file, place.node),
      severity: 'warning',
      problem: 'lint.forge-gpu-id',
      params: { id, count },
      key: 'gpu',
    },
  ]
})
