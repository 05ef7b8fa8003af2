import { dollarsOf, variablesOf } from '../../files/interpolation'
import { at, fixIn, serviceRule, type Draft, type Rule } from '../rule'
import { protectsService } from '../../files/secrets'
import { contentOf, scalarsIn, textOf } from '../yaml'

/** `${PASSWORD:-}`: empty without an error. */
export const secretEmptyDefault = serviceRule('secret-empty-default', (service, { variables }) => {
  const seen = new Set<string>()
  return service.parts.flatMap(({ file, map }) =>
    scalarsIn(map).flatMap((node) => {
      const content = contentOf(file, node)
      return variablesOf(textOf(node) ?? '').flatMap(({ name, operator, word }): Draft[] => {
        if (!protectsService(name) || !operator.endsWith('-') || word !== '' || seen.has(name)) return []
        seen.add(name)
        const edits = dollarsOf(content?.text ?? '')
          .filter((dollar) => dollar.name === name && dollar.operator.endsWith('-') && dollar.word === '')
          .map(({ start, end }) => {
            const from = (content?.start ?? 0) + start + 2 + name.length
            return { start: from, end: (content?.start ?? 0) + end - 1, text: ':?set it in .env' }
          })
        const isPlain = content !== null && node.type === 'PLAIN'
        return [
          {
            ...at(file, node),
            severity: variables.get(name) ? 'warning' : 'danger',
            problem: 'lint.secret-empty-default',
            params: { key: name },
            key: name,
            fixes: [
              fixIn(file, isPlain && /[{[]/.test(content.text.charAt(0)) ? [null] : edits, {
                problem: 'lint.fix-require',
                needs: 'recreate',
              }),
            ],
          },
        ]
      })
    }),
  )
})

/** A secret in .env without a value, that the Compose files use. */
export const secretEmpty: Rule = {
  id: 'secret-empty',
  check: ({ env, yaml }) => {
    const used = new Set(
      yaml.flatMap((file) =>
        scalarsIn(file.root).flatMap((node) =>
          // With `:?` Compose itself refuses: env-required says so.
          variablesOf(textOf(node) ?? '').flatMap(({ name, operator }) => (operator === ':?' ? [] : [name])),
        ),
      ),
    )
    if (!env) return []
    return env.entries
      .filter(({ key, read }) => read?.compose2 === '' && protectsService(key) && used.has(key))
      .map(({ key, keyEnd }) => ({
        severity: 'danger',
        problem: 'lint.secret-empty',
        params: { key },
        source: env.source,
        offset: keyEnd - key.length,
        key,
      }))
  },
}
