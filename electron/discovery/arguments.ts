import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { reason, type Reason } from '../../shared/problems'
import { holdsArguments } from '../compose/files/arguments'
import { variablesOf } from '../compose/files/interpolation'
import { loginsAt, loginsIn, type Login } from './logins'
import { blankFound, ownPair, type Found, type ReadFile } from './model'
import { instanceOfPath, isPlaceholder } from './names'
import type { ScriptVariable } from './scripts'

// Logins in clear text among arguments: of services, of environment files, of start scripts. Pure, as `recognise`.

/** A login and the line in which it stands. */
interface Placed {
  login: Login
  line: number
}

/** The logins that stand among arguments in clear text, each user apart; nothing can be written there. */
export function inArguments(
  file: ReadFile,
  logins: readonly Placed[],
  { service = null, reasonsAt }: { service?: string | null; reasonsAt: (line: number) => Reason[] },
): Found[] {
  const literal = logins.flatMap(({ login: { flag, user, password }, line }) => {
    const isWritten = [user, password].every(({ written }) => written !== '' && variablesOf(written).length === 0)
    if (!isWritten || isPlaceholder(password.value)) return []
    return [{ flag, username: user.value.trim(), password: password.value, line }]
  })
  const users = [...new Set(literal.map(({ username }) => username))]
  const own = service === null ? null : (instanceOfPath(service) ?? service.toLowerCase())
  return literal.map(({ flag, username, password, line }) => {
    const { meaning, ...pair } = ownPair({ username, password })
    const isFurther = users.indexOf(username) > 0
    const instance = isFurther ? `${own ?? file.shown}-${username}` : own
    return {
      ...blankFound(file),
      ...pair,
      ...{ key: flag, line, service, reasons: reasonsAt(line), meaning: { ...meaning, instance } },
    }
  })
}

/** `webui-user.bat` and `.sh`: their arguments. Only a person writes these files. */
export function inScript(file: ReadFile, variables: readonly ScriptVariable[]): Found[] {
  const placed = variables
    .filter(({ name }) => holdsArguments(name))
    .flatMap(({ value, line }) => loginsIn(value).map((login) => ({ login, line })))
  const endsInReturn = new Set(variables.filter(({ value }) => value.endsWith('\r')).map(({ line }) => line))
  return inArguments(file, placed, {
    reasonsAt: (line) => [
      reason('discovery.no-sink-script', { path: file.path, line }),
      ...(endsInReturn.has(line) ? [reason('discovery.crlf-script', { path: file.path, line })] : []),
    ],
  })
}

/** The logins among the arguments of each service of a Compose file, in whatever form they are written. */
export function inServices(file: ReadFile, document: Document, lineOf: (node: Node) => number): Found[] {
  const whole = (node: unknown): unknown => (isAlias(node) ? whole(node.resolve(document)) : node)
  const services = whole(document.get('services', true))
  if (!isMap(services)) return []
  return services.items.flatMap(({ key, value }) => {
    const own = whole(value)
    if (!isScalar(key) || !isMap(own)) return []
    const service = String(key.value)
    const placed = argumentNodes(own, whole).flatMap((nodes): Placed[] =>
      loginsAt(
        nodes.map(({ node, text, isOneWord }) => ({
          ...{ place: node, written: text },
          form: isOneWord ? ('item' as const) : ('line' as const),
        })),
      ).map(({ login, place }) => ({ login, line: lineOf(place) })),
    )
    return inArguments(file, placed, {
      service,
      reasonsAt: (line) => [reason('discovery.no-sink', { path: file.path, line })],
    })
  })
}

interface ArgumentNode {
  node: Scalar
  text: string
  /** An item of a list is one argument; a string is cut as a shell cuts it. */
  isOneWord: boolean
}

/** Entry point and command, as a string or a list, and the variables with arguments, of a map or a list. */
function argumentNodes(service: YAMLMap, whole: (node: unknown) => unknown): ArgumentNode[][] {
  const groups: ArgumentNode[][] = []
  const textIn = (node: unknown) => (isScalar(node) && typeof node.value === 'string' ? node : null)
  for (const name of ['entrypoint', 'command']) {
    const node = whole(service.get(name, true))
    const one = textIn(node)
    if (one) groups.push([{ node: one, text: String(one.value), isOneWord: false }])
    if (isSeq(node))
      groups.push(
        node.items.flatMap((item) => {
          const word = textIn(whole(item))
          return word ? [{ node: word, text: String(word.value), isOneWord: true }] : []
        }),
      )
  }
  const environment = whole(service.get('environment', true))
  const pairs: [string, unknown, string | null][] = isMap(environment)
    ? environment.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', whole(value), null])
    : isSeq(environment)
      ? environment.items.map((item) => {
          const node = whole(item)
          const said = textIn(node)?.value
          const text = typeof said === 'string' ? said : ''
          const at = text.indexOf('=')
          return [text.slice(0, Math.max(0, at)), node, text.slice(at + 1)]
        })
      : []
  for (const [name, node, text] of pairs) {
    const scalar = holdsArguments(name) ? textIn(node) : null
    if (scalar) groups.push([{ node: scalar, text: text ?? String(scalar.value), isOneWord: false }])
  }
  return groups
}
