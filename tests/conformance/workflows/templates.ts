import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import listed from './templates.json'

/** A template of the field, as its file holds it. */
export interface Template {
  name: string
  bytes: Buffer
  /** `fixed`: one that the converter was tuned with. `last`: one that was looked at last. `aside`: none of the fifty. */
  part: 'fixed' | 'last' | 'aside'
  /** How often it was opened: the index's own figure, without a unit. */
  usage: number
  /** Whether it is one of the plain first fifty by usage. */
  isTop: boolean
}

export const { package: packageName, version: packageVersion } = listed

const Index = z.array(
  z.object({
    type: z.string(),
    templates: z.array(z.object({ name: z.string(), usage: z.number().catch(0), openSource: z.boolean().catch(true) })),
  }),
)

/** Image templates with local models by usage, as the package's own index has them. */
async function byUsage(folder: string) {
  const index = Index.parse(JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')))
  return index
    .filter(({ type }) => type === 'image')
    .flatMap(({ templates }) => templates)
    .filter(({ name, openSource }) => openSource && !name.includes('api_'))
    .toSorted((a, b) => b.usage - a.usage)
}

/** The fifty that are fixed by name, and those of the plain first fifty that are none of them; by usage. */
export async function readTemplates(folder: string): Promise<Template[]> {
  const ranked = await byUsage(folder)
  const top = new Set(ranked.slice(0, 50).map(({ name }) => name))
  const [fixed, last] = [new Set(listed.templates), new Set(listed.last)]
  const wanted = ranked.filter(({ name }) => fixed.has(name) || last.has(name) || top.has(name))
  const found = new Set(wanted.map(({ name }) => name))
  const gone = [...fixed, ...last].filter((name) => !found.has(name))
  if (gone.length > 0) throw new Error(`${folder} has no ${gone.join(', ')}`)
  return Promise.all(
    wanted.map(async ({ name, usage }) => ({
      ...{ name, usage, isTop: top.has(name) },
      part: fixed.has(name) ? ('fixed' as const) : last.has(name) ? ('last' as const) : ('aside' as const),
      bytes: await readFile(path.join(folder, `${name}.json`)),
    })),
  )
}
