import { hasFlag, loginsOf, type Flag } from '../../files/arguments'
import { splitOutsideVariables, variablesOf, wholeVariable } from '../../files/interpolation'
import { fixIn, serviceRule, type Draft, type FixDraft } from '../rule'
import { environmentOf, find, serviceFlags, type ArgumentPlace } from '../service'
import type { Project, ServiceView } from '../model'
import { contentOf, itemsOf, textOf, valueOf } from '../yaml'

type ForgeFlag = Flag<ArgumentPlace>

/** Flags that Stable Diffusion WebUIs alone have: beside them `--api` is theirs, whatever the service is called. */
const ownFlags = [
  ...['--gradio-auth', '--api-auth', '--nowebui', '--xformers', '--medvram', '--lowvram', '--no-half', '--allow-code'],
  ...['--enable-insecure-extension-access', '--gpu-device-id', '--skip-torch-cuda-test', '--ckpt-dir', '--api-log'],
]

/** Whether a service is a Stable Diffusion WebUI, as far as its files tell. */
function isForge(service: ServiceView): boolean {
  const image = textOf(find(service, 'image')?.node ?? null) ?? ''
  return /forge|webui|automatic1111|a1111|sdnext/i.test(`${image} ${service.name}`)
}

/** The flags that start it; null for another program, or where they stand elsewhere, e.g. in the image. */
function forgeFlags(service: ServiceView, project: Project): ForgeFlag[] | null {
  const flags = serviceFlags(service, project)
  return flags.length > 0 && (isForge(service) || hasFlag(flags, ...ownFlags)) ? flags : null
}

const placeOf = ({ word }: ForgeFlag) => ({ source: word.place.source, offset: word.place.offset })

/** `--api` without `--api-auth`: the API answers everybody. */
export const forgeApiOpen = serviceRule('forge-api-open', (service, project) => {
  const flags = forgeFlags(service, project)
  const opening = flags?.find(({ name }) => name === '--api' || name === '--nowebui')
  if (!flags || !opening || hasFlag(flags, '--api-auth')) return []
  const fix = flags.map(apiAuthFix).find((found) => found !== null) ?? null
  return [{ ...placeOf(opening), severity: 'danger', problem: 'lint.forge-api-open', key: 'api', fixes: [fix] }]
})

/** The login of the pages for the API too; only where it is made of variables, so that no secret is copied. */
function apiAuthFix({ name, word }: ForgeFlag): FixDraft | null {
  const { yaml } = word.place
  const content = yaml && contentOf(yaml.file, yaml.node)
  if (name !== '--gradio-auth' || !yaml || !content) return null
  const start = content.text.search(/--gradio-auth[= ]/)
  if (start === -1) return null
  const [login = ''] = splitOutsideVariables(content.text.slice(start + '--gradio-auth '.length), ' ')
  const parts = splitOutsideVariables(login, ':')
  if (parts.length !== 2 || parts.some((part) => wholeVariable(part)?.kind !== 'braced')) return null
  const offset = content.start + start + '--gradio-auth '.length + login.length
  return fixIn(yaml.file, [{ start: offset, end: offset, text: ` --api-auth ${login}` }], {
    problem: 'lint.fix-api-auth',
    needs: 'recreate',
  })
}

/** `--nowebui` listens on every address unless one is named, where the pages would on this machine alone. */
export const forgeAddress = serviceRule('forge-nowebui-address', (service, project): Draft[] => {
  const flags = forgeFlags(service, project)
  const found = flags?.find(({ name }) => name === '--nowebui')
  if (!flags || !found || hasFlag(flags, '--listen', '--server-name')) return []
  const isHost = textOf(find(service, 'network_mode')?.node ?? null) === 'host'
  return [
    {
      ...placeOf(found),
      // In a network of its own only what is published can be reached.
      severity: isHost ? 'danger' : 'hint',
      problem: 'lint.forge-nowebui-address',
      key: 'nowebui',
    },
  ]
})

const shown: Record<string, string> = { ',': '“,”', ' ': '“ ”', ':': '“:”' }

/** A password that Forge cuts, in the arguments or in the variable that they take it from. */
export const forgePassword = serviceRule('forge-password-unsafe', (service, project): Draft[] => {
  const flags = forgeFlags(service, project)
  if (!flags) return []
  const { env, variables } = project
  const named = new Map<string, string>()
  const found: Draft[] = loginsOf(flags, variables).flatMap(({ flag, password, unsafe, word }): Draft[] => {
    const [character] = unsafe
    const names = variablesOf(password.written).map(({ name }) => name)
    if (character === undefined) return []
    const params = { character: shown[character] ?? character }
    const entry = env?.entries.find(({ key }) => names.includes(key) && (variables.get(key) ?? '').includes(character))
    if (!entry || !env)
      return [
        {
          ...{ source: word.place.source, offset: word.place.offset, key: flag },
          ...{ severity: 'danger', problem: 'lint.forge-password-unsafe', params },
        },
      ]
    named.set(entry.key, character)
    return []
  })
  for (const { key, written } of environmentOf(service, variables)) {
    if (!/PASSWORD$/.test(key)) continue
    for (const { name } of variablesOf(written ?? '')) {
      const character = [',', ' ', ':'].find((one) => (variables.get(name) ?? '').includes(one))
      if (character !== undefined && !named.has(name)) named.set(name, character)
    }
  }
  for (const { key, keyEnd } of env?.entries ?? []) {
    const character = named.get(key)
    if (!env || character === undefined) continue
    found.push({
      ...{ source: env.source, offset: keyEnd - key.length, key },
      ...{ severity: 'danger', problem: 'lint.forge-password-unsafe' },
      params: { character: shown[character] ?? character },
    })
  }
  return found
})

/** A GPU by its number in the arguments: it counts inside the container, and in CUDA's own order. */
export const argumentGpu = serviceRule('forge-gpu-id', (service, project): Draft[] => {
  const chosen = serviceFlags(service, project).find(
    ({ name, value }) =>
      ['--gpu-device-id', '--device-id', '--cuda-device'].includes(name) && /^\d+$/.test(value?.value ?? ''),
  )
  const id = chosen?.value?.value
  if (!chosen || id === undefined) return []
  const devices = find(service, 'deploy', 'resources', 'reservations', 'devices')
  const counts = devices
    ? itemsOf(devices.file, devices.node).map((device) => textOf(valueOf(devices.file, device, 'count')))
    : []
  const count = counts.find((one) => one !== null && /^\d+$/.test(one))
  const place = { ...placeOf(chosen), severity: 'warning' as const, key: 'gpu' }
  if (count) return [{ ...place, problem: 'lint.forge-gpu-id', params: { id, count } }]
  return [{ ...place, problem: 'lint.gpu-argument', params: { flag: chosen.name, id } }]
})
