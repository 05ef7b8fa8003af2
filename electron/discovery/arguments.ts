import { isMap } from 'yaml'
import { reason, type Reason } from '../../shared/problems'
import { holdsArguments } from '../compose/files/arguments'
import { variablesOf } from '../compose/files/interpolation'
import type { ServiceView } from '../compose/lint/model'
import { writtenArguments } from '../compose/lint/service'
import { entriesOf, valueOf, type YamlFile } from '../compose/lint/yaml'
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
export function inServices(file: ReadFile, yaml: YamlFile, lineOf: (offset: number) => number): Found[] {
  return entriesOf(yaml, valueOf(yaml, yaml.root, 'services')).flatMap(({ key: service, keyNode, value: map }) => {
    if (!isMap(map)) return []
    const view: ServiceView = { name: service, parts: [{ file: yaml, map, keyNode }], isPartial: false }
    const placed = writtenArguments(view)
      .flatMap(loginsAt)
      .map(({ login, place }): Placed => ({ login, line: lineOf(place.offset) }))
    return inArguments(file, placed, {
      service,
      reasonsAt: (line) => [reason('discovery.no-sink', { path: file.path, line })],
    })
  })
}
