import * as z from 'zod'

const Json = z.record(z.string(), z.unknown())
type Json = z.infer<typeof Json>

const List = z.array(z.unknown())

const asObject = (value: unknown): Json => Json.safeParse(value).data ?? {}
const asList = (value: unknown): unknown[] => List.safeParse(value).data ?? []

/** Every field that a schema names, as `a.b[].c`, through all of its alternatives. */
function fieldsOf(schema: unknown, components: Json, at: string, seen: readonly unknown[] = []): string[] {
  const here = asObject(schema)
  const named = here['$ref']
  if (typeof named === 'string') {
    if (seen.includes(named)) return []
    return fieldsOf(components[named.split('/').at(-1) ?? ''], components, at, [...seen, named])
  }
  const alternatives = [here['anyOf'], here['oneOf'], here['allOf']].flatMap(asList)
  return [
    ...Object.entries(asObject(here['properties'])).flatMap(([name, value]) => {
      const place = at === '' ? name : `${at}.${name}`
      return [place, ...fieldsOf(value, components, place, seen)]
    }),
    ...('items' in here ? fieldsOf(here['items'], components, `${at}[]`, seen) : []),
    ...alternatives.flatMap((one) => fieldsOf(one, components, at, seen)),
  ]
}

const contentOf = (holder: unknown) =>
  Object.values(asObject(asObject(holder)['content'])).map((one) => asObject(one)['schema'])

/**
 * An OpenAPI document as sorted lines, one for each operation, parameter, field that is sent and field that is answered: what is
 * a line of one document and none of a later one was taken away.
 */
export function shapeOf(document: unknown): string[] {
  const { paths, components } = asObject(document)
  const schemas = asObject(asObject(components)['schemas'])
  const lines = Object.entries(asObject(paths)).flatMap(([path, operations]) =>
    Object.entries(asObject(operations)).flatMap(([method, operation]) => {
      const { parameters, requestBody, responses } = asObject(operation)
      const name = `${method.toUpperCase()} ${path}`
      const sent = contentOf(requestBody).flatMap((schema) => fieldsOf(schema, schemas, ''))
      const answered = Object.entries(asObject(responses))
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, response]) =>
          contentOf(response).flatMap((schema) => fieldsOf(schema, schemas, '').map((field) => `${status} ${field}`)),
        )
      return [
        name,
        ...asList(parameters).map((one) => `${name} ${String(asObject(one)['in'])} ${String(asObject(one)['name'])}`),
        ...sent.map((field) => `${name} body ${field}`),
        ...answered.map((field) => `${name} ${field}`),
      ]
    }),
  )
  return [...new Set(lines)].sort()
}
