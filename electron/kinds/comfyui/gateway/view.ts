import type { GatewayQuestion, Handling, OwnAnswer, Visitor } from '../../gateway'
import { annotatedFile, type Belongings } from './belongings'

/** What ComfyUI answers where there is no such file. */
const notThere: OwnAnswer = { status: 404, headers: {}, body: '' }

/** What else `/view` reads of a query; the rest keeps caches apart. */
const passedOn = ['preview', 'channel', 'rand', 't', 'timestamp', 'res'] as const

/**
 * `GET /view`: one's own files, whatever folder they lie in. The question is written anew, so that the file that is judged
 * is the file that is asked for.
 */
export function view({ query, path }: GatewayQuestion, visitor: Visitor, belongings: Belongings): Handling | OwnAnswer {
  const [filename, type = 'output', subfolder = ''] = ['filename', 'type', 'subfolder'].map(
    (name) => query.get(name) ?? undefined,
  )
  // The service looks for the last part of the name alone; a client that writes more gets nothing there either.
  if (!filename || /[\\/\0]/.test(filename)) return notThere
  const file = annotatedFile({ type, subfolder, filename })
  if (file === null || !belongings.ownsFile(visitor, file)) return notThere
  const asked = new URLSearchParams({ filename: file.filename, type: file.type, subfolder: file.subfolder })
  for (const name of passedOn) {
    const value = query.get(name)
    if (value !== null) asked.set(name, value)
  }
  return { target: `${path}?${asked}` }
}
