import { splitVariable } from '../../compose/files/variable'
import { flagsOf, isLoginFlag, loginsOf, wordsOf } from '../../compose/files/arguments'
import { isSecret } from '../inspect/mask'

const none = new Map<string, string>()

/** Of logins in arguments each `user:password` and each password; of what is no login, the whole. */
function commandSecrets(words: readonly string[], form: 'item' | 'line'): string[] {
  const sources = words.map((written) => ({ place: null, written, form, hasVariables: false }))
  return flagsOf(wordsOf(sources, none)).flatMap((flag) => {
    if (!isLoginFlag(flag.name) || flag.value === null) return []
    const logins = loginsOf([flag], none)
    return [
      ...logins.flatMap(({ user, password }) => [`${user.value}:${password.value}`, password.value]),
      ...flag.value.value.split(',').flatMap((one) => [one, one.slice(one.indexOf(':') + 1)]),
    ].filter((part) => part !== '')
  })
}

/**
 * What a container was given that must not be read in its log: variables with telling names, and credentials on its
 * command line (`--api-auth user:password`), also inside one variable that holds arguments (`FORGE_ARGS`).
 */
export function secretsOf({ environment, command }: { environment: string[]; command: string[] }): string[] {
  const found = commandSecrets(command, 'item')
  for (const variable of environment) {
    const [name, written] = splitVariable(variable)
    const value = written?.trim() ?? ''
    if (name === '' || value === '') continue
    if (isSecret(name, value)) found.push(value)
    if (value.includes('-auth')) found.push(...commandSecrets([value], 'line'))
  }
  return [...new Set(found)]
}
