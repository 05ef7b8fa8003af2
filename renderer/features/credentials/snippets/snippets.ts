import type { Scheme, ServiceKind } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'

export const snippetIds = ['bash', 'powershell', 'python', 'javascript', 'socket', 'env'] as const
export type SnippetId = (typeof snippetIds)[number]

/** What a snippet is about: a service of the credential, or none. */
export interface Subject {
  scheme: Scheme
  kind: ServiceKind
  /** Without a slash at its end. */
  url: string
  username: string
}

/** The secret's parts that clients send; null stands for a placeholder. */
export interface ClientSecret {
  password?: string | undefined
  token?: string | undefined
}

export const placeholders = { password: 'PASSWORD', token: 'TOKEN' } as const

/** In double quotes as Python and JavaScript read it; JSON's strings are a part of both. */
const quoted = (text: string) => JSON.stringify(text)

/** In double quotes as curl reads its configuration. */
const curlQuoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** As python-dotenv reads it: in single quotes a `$` stays as it is. */
const envQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

/**
 * How clients of a service present a credential. The secret stands in the text that a shell or an interpreter reads,
 * never in an argument of a command: arguments are seen by everybody on the machine.
 */
export function snippetsOf(subject: Subject, secret: ClientSecret | null): Partial<Record<SnippetId, string>> {
  const password = secret?.password ?? placeholders.password
  const token = secret?.token ?? placeholders.token
  const isBasic = subject.scheme === 'basic'
  const { kind, url, username } = subject
  const address = url + kinds[kind].protectedPath
  const config = isBasic
    ? `user = ${curlQuoted(`${username}:${password}`)}`
    : `header = ${curlQuoted(`Authorization: Bearer ${token}`)}`
  return {
    bash: `curl --fail --silent --show-error --config - '${address}' <<'END'\n${config}\nEND\n`,
    // Windows' own curl, named with .exe: in Windows PowerShell plain curl is another command.
    powershell: `@'\n${config}\n'@ | curl.exe --fail --silent --show-error --config - '${address}'\n`,
    python: isBasic ? pythonBasic(address, username, password) : pythonBearer(address, token),
    javascript: javascript(address, header({ isBasic, username, password, token })),
    socket: socket(kind, url, header({ isBasic, username, password, token })),
    env: environment(subject, { password, token }),
  }
}

const header = (of: { isBasic: boolean; username: string; password: string; token: string }) =>
  of.isBasic
    ? `const authorization = 'Basic ' + btoa(${quoted(`${of.username}:${of.password}`)})`
    : `const authorization = 'Bearer ' + ${quoted(of.token)}`

const pythonBearer = (address: string, token: string) => `import requests

answer = requests.get(
    ${quoted(address)},
    headers={"Authorization": "Bearer " + ${quoted(token)}},
    timeout=30,
)
answer.raise_for_status()
print(answer.json())
`

const pythonBasic = (address: string, username: string, password: string) => `import requests

answer = requests.get(
    ${quoted(address)},
    auth=(${quoted(username)}, ${quoted(password)}),
    timeout=30,
)
answer.raise_for_status()
print(answer.json())
`

const javascript = (address: string, authorization: string) => `${authorization}

const answer = await fetch(${quoted(address)}, { headers: { authorization } })
if (!answer.ok) throw new Error(\`\${answer.status} \${answer.statusText}\`)
console.log(await answer.json())
`

/** Progress is told over a WebSocket, or asked for where there is none. */
function socket(kind: ServiceKind, url: string, authorization: string): string {
  const { progress } = kinds[kind]
  if ('asked' in progress) {
    return `${authorization}

const answer = await fetch(${quoted(url + progress.asked)}, { headers: { authorization } })
if (!answer.ok) throw new Error(\`\${answer.status} \${answer.statusText}\`)
const { progress, state } = await answer.json()
console.log(progress, state.job_count)
`
  }
  const address = `${url.replace(/^http/, 'ws')}${progress.told}`
  return `import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'

${authorization}

const socket = new WebSocket(${quoted(`${address}?clientId=`)} + randomUUID(), { headers: { authorization } })
socket.on('message', (data, isBinary) => {
  if (!isBinary) console.log(data.toString())
})
socket.on('error', (error) => console.error(error.message))
`
}

function environment({ scheme, kind, url, username }: Subject, secret: Required<ClientSecret>): string {
  const { variables } = kinds[kind]
  const line = (name: string, value = '') => `${name}=${envQuoted(value)}\n`
  const opening =
    scheme === 'basic'
      ? line(variables.username, username) + line(variables.password, secret.password)
      : line(variables.token, secret.token)
  return line(variables.url, url) + opening
}
