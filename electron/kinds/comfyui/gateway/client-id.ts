import { createHash } from 'node:crypto'

/**
 * A client id apart for each person: ComfyUI gives the messages of a prompt to whoever comes last under its client's id,
 * and two people's scripts may have the same one. Nobody can write another's, since one's own mark is put behind whatever
 * one writes.
 */
export function clientIdOf(account: string, id: string): string {
  const mark = `~${createHash('sha256').update(`regie-client ${account}`).digest('hex').slice(0, 10)}`
  return id.endsWith(mark) ? id : id + mark
}

/** The id as its person knows it. */
export function bareClientId(account: string, id: string): string {
  const mark = clientIdOf(account, '')
  return id.endsWith(mark) ? id.slice(0, -mark.length) : id
}
