import { createHash } from 'node:crypto'
import type { Visitor } from '../../gateway'

const markOf = (account: string) =>
  `~${createHash('sha256').update(`regie-client ${account}`).digest('hex').slice(0, 10)}`

/** Ids that are made by chance are two people's by intent alone. */
const isMadeByChance = (id: string) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(id)

/**
 * A client id apart for each person: ComfyUI gives the messages of a prompt to whoever comes last under its client's id,
 * and two people's scripts may have the same one. A user cannot write another's, since his own mark is put behind whatever
 * he writes.
 */
export function clientIdOf({ account, role }: Visitor, id: string): string {
  const mark = markOf(account)
  return id.endsWith(mark) || (role === 'admin' && isMadeByChance(id)) ? id : id + mark
}

/** The id as its person knows it. */
export function bareClientId({ account }: Visitor, id: string): string {
  const mark = markOf(account)
  return id.endsWith(mark) ? id.slice(0, -mark.length) : id
}

/** An answer with a person's own ids as he knows them. */
export const withBareClientIds = ({ account }: Visitor, json: string): string =>
  json.replaceAll(`${markOf(account)}"`, '"')
