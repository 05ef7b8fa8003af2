import { isSecret } from '../inspect/mask'

const flags = new Set(['--api-auth', '--gradio-auth'])

/** `user:password`, several of them with commas between: each whole, and each password. */
const credentialsOf = (value: string) =>
  value.split(',').flatMap((one) => [one, one.slice(one.indexOf(':') + 1)].filter((part) => part !== ''))

function commandSecrets(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const [flag = '', ...rest] = word.split('=')
    if (!flags.has(flag)) return []
    return credentialsOf(rest.length > 0 ? rest.join('=') : (words[at + 1] ?? ''))
  })
}

/**
 * What a container was given that must not be read in its log: variables with telling names, and credentials on its
 * command line (`--api-auth user:password`), also inside one variable that holds arguments (`FORGE_ARGS`).
 */
export function secretsOf({ environment, command }: { environment: string[]; command: string[] }): string[] {
  const found = commandSecrets(command)
  for (const variable of environment) {
    const equals = variable.indexOf('=')
    const value = variable.slice(equals + 1).trim()
    if (equals <= 0 || value === '') continue
    if (isSecret(variable.slice(0, equals), value)) found.push(value)
    if (value.includes('-auth')) found.push(...commandSecrets(value.split(/\s+/)))
  }
  return [...new Set(found)]
}
