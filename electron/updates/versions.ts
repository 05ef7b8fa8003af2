import { parse } from 'yaml'
import * as z from 'zod'
import type { ServiceKind, UpdatePart } from '../../shared/contract'
import { kinds } from '../../shared/kinds'

type Texts = ReadonlyMap<string, string | null>

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const Args = z.union([
  z.record(z.string(), Scalar.nullable()),
  z.array(z.string()).transform((all) =>
    Object.fromEntries(
      all.map((one): [string, string | null] => {
        const [name = '', ...value] = one.split('=')
        return [name, value.join('=') || null]
      }),
    ),
  ),
])
const Composed = z.object({
  services: z.record(z.string(), z.object({ build: z.object({ args: Args.nullish() }).nullish().catch(null) })),
})

/** `${NAME:-value}` stands for its default where the `.env` has no value of that name. */
const filled = (text: string, env: ReadonlyMap<string, string>) =>
  text.replace(/\$\{(\w+)(?::?-([^}]*))?\}/g, (_, name: string, otherwise = '') => env.get(name) ?? String(otherwise))

function buildArguments(composeFile: string, env: ReadonlyMap<string, string>): Map<string, string> {
  try {
    const { services } = Composed.parse(parse(composeFile, { logLevel: 'silent' }))
    const all = Object.values(services).flatMap(({ build }) => Object.entries(build?.args ?? {}))
    return new Map(all.flatMap(([name, value]) => (value === null ? [] : [[name, filled(value, env)] as const])))
  } catch {
    return new Map() // a file that somebody broke tells nothing of its parts
  }
}

/** What a stack's files say of the versions in it: the arguments of its build, and the image that it is built from. */
export function readVersions(texts: Texts, env: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>()
  const dockerfile = texts.get('Dockerfile') ?? ''
  for (const [, name = '', value = ''] of dockerfile.matchAll(/^ARG\s+(\w+)=["']?([^"'\s]+)/gm)) found.set(name, value)
  for (const [name, value] of buildArguments(texts.get('compose.yaml') ?? '', env)) found.set(name, value)
  const python = /^FROM\s+(?:\S*\/)?python:([\d.]+)/m.exec(dockerfile)?.[1]
  if (python !== undefined) found.set('PYTHON', python)
  const cuda = /\bcu(\d{2,})(\d)\b/.exec(found.get('TORCH_INDEX') ?? '')
  if (cuda) found.set('CUDA', `${cuda[1] ?? ''}.${cuda[2] ?? ''}`)
  return found
}

/** Arguments that say the same as another one, or nothing that anybody compares. */
const leftOut = /^(?:TORCH_INDEX|TORCHVISION_VERSION|TORCHAUDIO_VERSION|TARGET\w*)$/

/** Which part a build argument is. */
function partOf(name: string, kind: ServiceKind): Pick<UpdatePart, 'id' | 'name'> {
  if (name === 'PYTHON') return { id: 'python', name: 'Python' }
  if (name === 'CUDA') return { id: 'cuda', name: 'CUDA' }
  if (name === 'TORCH_VERSION') return { id: 'pytorch', name: 'PyTorch' }
  if (/LOGIN_REF$/.test(name)) return { id: 'login', name: 'ComfyUI-Login' }
  if (/^(?:COMFYUI|FORGE\w*|NEO\w*)_(?:REF|VERSION)$/.test(name)) return { id: 'program', name: kinds[kind].name }
  return { id: 'other', name }
}

const order: readonly UpdatePart['id'][] = ['stack', 'program', 'python', 'pytorch', 'cuda', 'login', 'other']

/** A commit is long; twelve digits tell it. */
const short = (version: string | undefined): string | null =>
  version === undefined ? null : /^[0-9a-f]{40}$/.test(version) ? version.slice(0, 12) : version.replace(/^v(?=\d)/, '')

/** The parts of two versions beside each other; what neither names is left out. */
export function compareVersions(
  now: ReadonlyMap<string, string>,
  fresh: ReadonlyMap<string, string>,
  kind: ServiceKind,
): UpdatePart[] {
  const names = [...new Set([...now.keys(), ...fresh.keys()])].filter((name) => !leftOut.test(name))
  return names
    .map((name) => ({ ...partOf(name, kind), now: short(now.get(name)), new: short(fresh.get(name)) }))
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id) || a.name.localeCompare(b.name))
}
