import { dollarsOf, variablesOf } from '../interpolation'
import { at, serviceRule, type Draft } from '../rule'
import { argumentsOf, environmentOf } from '../service'
import { credentialFlag, namesSecret } from '../secrets'
import { scalarsIn, textOf } from '../yaml'

const harmless = /^(?:|true|false|yes|no|on|off|none|null|\d{1,5}|\/.*|\.{1,2}\/.*)$/i

const isLiteral = (text: string) => !harmless.test(text) && dollarsOf(text).every(({ kind }) => kind === 'escape')

/** Secrets in plain text in the Compose files, also as defaults. */
export const secretInYaml = serviceRule('secret-in-yaml', (service, { variables }) => {
  const found: Draft[] = environmentOf(service, variables)
    .filter(({ key, written }) => namesSecret(key) && written !== null && isLiteral(written))
    .map(({ file, key, node }) => ({
      ...at(file, node),
      severity: 'danger',
      problem: 'lint.secret-in-yaml',
      params: { key },
      key,
    }))
  for (const { places } of argumentsOf(service, variables)) {
    const joined = places.map(({ written }) => written).join(' ')
    for (const { groups } of joined.matchAll(credentialFlag)) {
      const value = groups?.['value'] ?? ''
      const password = value.includes(':') ? value.slice(value.indexOf(':') + 1) : value
      const flag = (groups?.['flag'] ?? '').replace(/[=\s]+$/, '')
      const place = places.find(({ written }) => written.includes(value))
      if (!place || !isLiteral(password)) continue
      const key = flag.replace(/^--/, '')
      found.push({
        ...at(place.file, place.node),
        severity: 'danger',
        problem: 'lint.secret-in-yaml',
        params: { key: flag },
        key,
      })
    }
  }
  return found
})

/** `${PASSWORD:-changeme}` */
export const secretDefault = serviceRule('secret-default', (service) => {
  const seen = new Set<string>()
  return service.parts.flatMap(({ file, map }) =>
    scalarsIn(map).flatMap((node) =>
      variablesOf(textOf(node) ?? '').flatMap(({ name, operator, word }): Draft[] => {
        if (!namesSecret(name) || !operator.endsWith('-') || !isLiteral(word) || seen.has(name)) return []
        seen.add(name)
        return [
          { ...at(file, node), severity: 'danger', problem: 'lint.secret-default', params: { key: name }, key: name },
        ]
      }),
    ),
  )
})
