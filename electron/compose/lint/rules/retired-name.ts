import { variablesOf } from '../../files/interpolation'
import { at, fixIn, type Draft, type Rule } from '../rule'
import { environmentOf } from '../service'
import { contentOf, scalarsIn, textOf } from '../yaml'
import type { TextEdit } from '../text'

const retired = 'COMFYUI_BEARER_TOKEN'
const current = 'COMFYUI_API_TOKEN'

const placesOf = (text: string) => [...text.matchAll(new RegExp(`\\b${retired}\\b`, 'g'))].map(({ index }) => index)

/** COMFYUI_BEARER_TOKEN, which nothing reads any more. */
export const retiredName: Rule = {
  id: 'retired-name',
  check: ({ env, yaml, services, variables }) => {
    const old = env?.entries.filter(({ key }) => key === retired) ?? []
    const hasCurrent = variables.has(current)
    const uses = yaml.flatMap((file) =>
      scalarsIn(file.root)
        .filter((node) => variablesOf(textOf(node) ?? '').some(({ name }) => name === retired))
        .map((node) => ({ file, node })),
    )
    const found: Draft[] = []
    const changes = uses.map(({ file, node }) => {
      const content = contentOf(file, node)
      const edits = placesOf(content?.text ?? '').map((offset): TextEdit => {
        const start = (content?.start ?? 0) + offset
        return { start, end: start + retired.length, text: current }
      })
      return fixIn(file, edits, { problem: 'lint.fix-rename', needs: 'recreate' })?.changes[0] ?? null
    })
    const renames = old.map(({ keyEnd }) => ({ start: keyEnd - retired.length, end: keyEnd, text: current }))
    const all = [
      ...changes,
      ...(env && !hasCurrent && renames.length > 0 ? [{ source: env.source, edits: renames }] : []),
    ]
    const whole = all.filter((change) => change !== null)
    const fix =
      whole.length > 0 && whole.length === all.length
        ? [{ problem: 'lint.fix-rename' as const, needs: 'recreate' as const, changes: whole }]
        : []
    const first = uses[0]
    if (first)
      found.push({
        ...at(first.file, first.node),
        severity: 'warning',
        problem: 'lint.retired-name',
        key: 'use',
        fixes: fix,
      })
    else if (env && old[0])
      found.push({
        source: env.source,
        offset: old[0].keyEnd - retired.length,
        severity: hasCurrent ? 'hint' : 'warning',
        problem: 'lint.retired-name',
        key: 'env',
        fixes: hasCurrent ? [] : fix,
      })
    for (const service of services) {
      const variable = environmentOf(service, variables).find(({ key }) => key === retired)
      if (variable && !uses.some(({ node }) => node === variable.node))
        found.push({
          ...at(variable.file, variable.node),
          severity: 'warning',
          problem: 'lint.retired-name',
          key: service.name,
          service: service.name,
        })
    }
    return found
  },
}
