/** What an image was made with, in the order in which Forge writes it. */
export interface ImageFacts {
  prompt: string
  negativePrompt: string
  steps: number
  sampler: string
  scheduler: string
  cfg: number
  seed: number
  width: number
  height: number
  modelHash: string | null
  model: string
  denoising: number | null
}

export const forgeVersion = 'f2.0.1v1.10.1-previous-669-gdfdcbab6'

const quoted = (value: string) => (/[,:\n]/.test(value) ? JSON.stringify(value) : value)

/** The text that goes into PNGs as `parameters`, and into `info.infotexts`. */
export function writeInfotext(facts: ImageFacts): string {
  const entries: [string, string | null][] = [
    ['Steps', String(facts.steps)],
    ['Sampler', facts.sampler],
    ['Schedule type', facts.scheduler],
    ['CFG scale', String(facts.cfg)],
    ['Seed', String(facts.seed)],
    ['Size', `${facts.width}x${facts.height}`],
    ['Model hash', facts.modelHash],
    ['Model', facts.model],
    ['Denoising strength', facts.denoising === null ? null : String(facts.denoising)],
    ['Version', forgeVersion],
  ]
  const line = entries.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${quoted(value)}`])).join(', ')
  const negative = facts.negativePrompt === '' ? '' : `\nNegative prompt: ${facts.negativePrompt}`
  return `${facts.prompt}${negative}\n${line}`
}

/** Reads such a text back, as `/png-info` does (`parse_generation_parameters`). */
export function parseInfotext(text: string): Record<string, string> {
  const lines = text.trim().split('\n')
  const last = lines.at(-1) ?? ''
  const pairs = [...last.matchAll(/\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/g)]
  const hasParameters = pairs.length >= 3
  const body = hasParameters ? lines.slice(0, -1) : lines
  const split = body.findIndex((line) => line.startsWith('Negative prompt:'))
  const prompt = (split < 0 ? body : body.slice(0, split)).join('\n')
  const negative =
    split < 0
      ? ''
      : body
          .slice(split)
          .join('\n')
          .replace(/^Negative prompt:\s*/, '')
  const parsed: Record<string, string> = { Prompt: prompt.trim(), 'Negative prompt': negative.trim() }
  for (const [, name = '', value = ''] of hasParameters ? pairs : []) {
    parsed[name] = value.startsWith('"') ? (JSON.parse(value) as string) : value // a quoted text parses to a text
    const size = /^(\d+)x(\d+)$/.exec(value)
    if (size) [parsed[`${name}-1`], parsed[`${name}-2`]] = [size[1] ?? '', size[2] ?? '']
  }
  return parsed
}
