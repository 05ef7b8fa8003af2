import { variablesOf } from '../../files/interpolation'
import type { Project } from '../model'
import { at, type Draft, type Rule } from '../rule'
import { protectsService } from '../../files/secrets'
import { environmentOf } from '../service'
import { entriesOf, scalarsIn, textOf, valueOf, type YamlFile } from '../yaml'

/** Every variable that the Compose files use, where it is used. */
function usesOf({ yaml }: Project) {
  return yaml.flatMap((file) =>
    scalarsIn(file.root).flatMap((node) =>
      variablesOf(textOf(node) ?? '').map((variable) => ({ ...variable, file, node })),
    ),
  )
}

/** Keys that are used without a `$`: `environment` entries without a value, and secrets and configs `environment:` names. */
const plainUsesOf = ({ yaml, services, variables }: Project): string[] => [
  ...services.flatMap((service) =>
    environmentOf(service, variables).flatMap(({ key, written }) => (written === null ? [key] : [])),
  ),
  ...yaml.flatMap((file) =>
    ['secrets', 'configs'].flatMap((section) =>
      entriesOf(file, valueOf(file, file.root, section)).flatMap(
        ({ value }) => textOf(valueOf(file, value, 'environment')) ?? [],
      ),
    ),
  ),
]

const byName = (file: YamlFile, name: string) => `${file.source.name}.${name}`

/** `${X}` that nothing sets. */
export const envMissing: Rule = {
  id: 'env-missing',
  check: (project) => {
    const seen = new Set<string>()
    const found: Draft[] = []
    for (const { kind, name, operator, file, node } of usesOf(project)) {
      const value = project.variables.get(name)
      const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined
      if (isSet || seen.has(byName(file, name)) || operator.endsWith('-') || operator.endsWith('+')) continue
      // A bare `$name` in small letters is another matter: see yaml-dollar.
      if (kind === 'bare' && !/^[A-Z_][A-Z0-9_]*$/.test(name)) continue
      seen.add(byName(file, name))
      const place = { ...at(file, node), key: name, params: { key: name } }
      if (operator.endsWith('?')) found.push({ ...place, severity: 'danger', problem: 'lint.env-required' })
      else if (protectsService(name)) found.push({ ...place, severity: 'danger', problem: 'lint.env-missing-secret' })
      else found.push({ ...place, severity: 'warning', problem: 'lint.env-missing' })
    }
    return found
  },
}

/** Read by Compose itself, or by what Regie runs. */
const ownNames = /^(?:COMPOSE|DOCKER|BUILDKIT|REGIE)_/

/** Keys of .env that no Compose file uses: one finding for all of them. */
export const envUnused: Rule = {
  id: 'env-unused',
  check: (project) => {
    const { env, envFiles, yaml } = project
    // Given to a container as a whole, every key of it is used.
    if (!env || yaml.some(({ root }) => root === null)) return []
    // Behind an open quote nothing is a key.
    if (env.refusals.some(({ kind }) => kind === 'quote')) return []
    if (envFiles.some(({ source }) => source.path === env.source.path)) return []
    const used = new Set([...usesOf(project).map(({ name }) => name), ...plainUsesOf(project)])
    for (const { raw } of env.entries) for (const { name } of variablesOf(raw ?? '')) used.add(name)
    const unused = env.entries.filter(({ key }) => !used.has(key) && !ownNames.test(key))
    const [first] = unused
    if (!first) return []
    const keys = [...new Set(unused.map(({ key }) => key))]
    const offset = first.keyEnd - first.key.length
    return [
      {
        severity: 'hint',
        problem: 'lint.env-unused',
        params: { keys: keys.join(', ') },
        source: env.source,
        offset,
        key: 'unused',
      },
    ]
  },
}

export const envDuplicate: Rule = {
  id: 'env-duplicate',
  check: ({ env, envFiles }) =>
    (env ? [env, ...envFiles] : envFiles).flatMap(({ source, entries }) =>
      entries.flatMap(({ key, keyEnd }, index): Draft[] => {
        const former = entries.slice(0, index).findLast((entry) => entry.key === key)
        if (!former) return []
        const line = source.text.slice(0, former.keyEnd).split('\n').length
        const place = { source, offset: keyEnd - key.length, key: `${key}.${index}` }
        return [{ ...place, severity: 'warning', problem: 'lint.env-duplicate', params: { key, line } }]
      }),
    ),
}
