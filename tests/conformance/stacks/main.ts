import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { templates, type StackTemplate } from '../../../electron/stacks/templates'
import { installProgram } from '../python'
import { needs, type Step } from './needs'
import { isTorchs, pinsIn, resolve } from './resolve'

const stacks = path.resolve(import.meta.dirname, '../../../resources/stacks')
const torchIndex = (build: string) => `https://download.pytorch.org/whl/${build}`

/** A text from the network; null where it is not reached. */
async function textAt(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(15_000) })
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}

/** What a program asks for, at its pinned state where that is reached. */
async function requirementsOf({ url, recorded }: Step): Promise<{ lines: readonly string[]; from: string }> {
  if (url === null) return { lines: recorded, from: 'Dockerfile' }
  const text = await textAt(url)
  if (text === null) return { lines: recorded, from: 'as recorded; its own list was not reached' }
  return { lines: text.split('\n').filter((line) => /^\s*[A-Za-z]/.test(line)), from: 'its own list' }
}

type Pins = ReadonlyMap<string, string>

interface Verdict {
  packages: number
  problems: string[]
}

/** What follows from an exact version of another package so closely that no choice is left. */
const follows: Record<string, readonly string[]> = {
  fastapi: ['starlette'],
  gradio: ['gradio-client'],
  httpx: ['httpcore'],
  pydantic: ['pydantic-core'],
  transformers: ['tokenizers'],
}

/**
 * Resolves one step within the constraints, and looks that nothing was left to the day of the build. `exact` are the
 * packages that a list names at one version, in this step or in one after it, which replaces what there was.
 */
function judge(uv: string, lines: readonly string[], file: string, exact: ReadonlySet<string>, pins: Pins): Verdict {
  const resolved = resolve(uv, lines, file)
  if ('conflict' in resolved) return { packages: 0, problems: [resolved.conflict] }
  const problems = resolved.pins.flatMap(({ name, version }) => {
    if (exact.has(name) || isTorchs(name) || /^comfyui-/.test(name)) return []
    if ([...exact].some((one) => (follows[one] ?? []).includes(name))) return []
    const wanted = pins.get(name)
    if (wanted === version) return []
    return [wanted === undefined ? `${name} ${version} has no constraint` : `${name} is ${version}, not ${wanted}`]
  })
  return { packages: resolved.pins.length, problems }
}

async function judgeStack(uv: string, template: StackTemplate, steps: readonly Step[]): Promise<boolean> {
  const file = path.join(stacks, template.id, 'constraints.txt')
  const pins = new Map(pinsIn(await readFile(file, 'utf8')).map(({ name, version }) => [name, version]))
  const lists = await Promise.all(steps.map(async (step) => ({ step, ...(await requirementsOf(step)) })))
  const exact = new Set(lists.flatMap(({ lines }) => pinsIn(lines.join('\n')).map(({ name }) => name)))
  let isGood = true
  for (const { step, lines, from } of lists) {
    const { packages, problems } = judge(uv, lines, file, exact, pins)
    console.log(`${template.id}  ${step.name} (${from}): ${packages} packages, ${problems.length} problems`)
    for (const problem of problems) console.log(`    ${problem.replaceAll('\n', '\n    ')}`)
    isGood &&= problems.length === 0
  }
  const torch = ['torch', 'torchvision'].flatMap((name) => {
    const version = pins.get(name)
    return version === undefined ? [] : [`${name}==${version}`]
  })
  for (const build of [...template.torch.builds.map(({ id }) => id), 'cpu']) {
    const isReached = (await textAt(`${torchIndex(build)}/torch/`)) !== null
    const pair = torch.map((one) => `${one}+${build}`)
    const resolved = isReached ? resolve(uv, pair, file, torchIndex(build)) : null
    const words =
      resolved === null ? 'not reached, not looked at' : 'conflict' in resolved ? resolved.conflict : 'there'
    console.log(`${template.id}  ${build}: ${pair.join(' ')}: ${words}`)
    if (resolved !== null && 'conflict' in resolved) isGood = false
  }
  return isGood
}

/** Resolves the constraints of every stack against PyPI; false when one has a conflict, or leaves a package open. */
export async function conformanceOfStacks(): Promise<boolean> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-stacks-'))
  try {
    const uv = installProgram(path.join(folder, 'python'), 'uv', '0.13.9')
    let isGood = true
    for (const template of templates) {
      const steps = needs[template.id]
      if (steps) isGood = (await judgeStack(uv, template, steps)) && isGood
      else console.log(`${template.id}  has no constraints: its program names its packages itself`)
    }
    return isGood
  } catch (error) {
    console.error(`conformance:stacks: ${error instanceof Error ? error.message : String(error)}`)
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
