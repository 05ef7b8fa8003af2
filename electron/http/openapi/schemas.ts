const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body that is one file: there is nothing to say of it but its type. */
const isFile = (media: unknown): boolean =>
  isObject(media) && isObject(media['schema']) && typeof media['schema']['contentMediaType'] === 'string'

/** What is left where all that could be answered is a file. */
const isNothing = (media: unknown): boolean =>
  isObject(media) &&
  isObject(media['schema']) &&
  Array.isArray(media['schema']['anyOf']) &&
  media['schema']['anyOf'].length === 0

const repairContent = (content: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(content)
      .filter(([, media]) => !isNothing(media))
      .map(([type, media]) => [type, isFile(media) ? {} : repair(media)]),
  )

function repair(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repair)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'content' && isObject(inner) ? repairContent(inner) : repair(inner),
    ]),
  )
}

/** A generated document, with what its generator says of bodies that are files put right. */
export const repaired = <T extends object>(document: T): T => repair(document) as T // nothing but bodies changed
