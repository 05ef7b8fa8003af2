import * as z from 'zod'

type JsonSchema = z.core.JSONSchema.BaseSchema
type Definitions = Readonly<Record<string, JsonSchema | boolean | undefined>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

/** The paths of keys that a JSON schema has no place for. Of several alternatives the one that fits best counts. */
function inSchema(schema: JsonSchema, value: unknown, path: string, definitions: Definitions): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    const found = definitions[name]
    return typeof found === 'object' ? inSchema(found, value, path, definitions) : []
  }
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) {
    const each = alternatives.map((one) => (typeof one === 'object' ? inSchema(one, value, path, definitions) : []))
    return each.reduce((best, one) => (one.length < best.length ? one : best))
  }
  if (Array.isArray(value)) {
    const { items } = schema
    if (typeof items !== 'object' || Array.isArray(items)) return []
    return value.flatMap((item, index) => inSchema(items, item, join(path, String(index)), definitions))
  }
  if (!isObject(value) || schema.type !== 'object') return []
  const { properties = {}, additionalProperties } = schema
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = Object.hasOwn(properties, key) ? properties[key] : additionalProperties
    if (typeof own === 'object') return inSchema(own, inner, join(path, key), definitions)
    return Object.hasOwn(properties, key) || additionalProperties === true ? [] : [join(path, key)]
  })
}

const described = new WeakMap<z.ZodType, JsonSchema>()

/**
 * The paths of keys in `value` that the schema does not know, such as `process.arg` for `process.args`. Zod leaves them
 * out without a word; whoever mistyped one would never hear of it.
 */
export function unknownKeys(schema: z.ZodType, value: unknown): string[] {
  const known = described.get(schema) ?? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  described.set(schema, known)
  return inSchema(known, value, '', known.$defs ?? {})
}
