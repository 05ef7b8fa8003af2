/** What pydantic 2.8 and FastAPI 0.104 say about a body: the part of it that Forge's request models use. */
export interface Issue {
  type: string
  loc: (string | number)[]
  msg: string
  input: unknown
  ctx?: Record<string, string>
}

export type FieldType = 'str' | 'int' | 'float' | 'bool' | 'object' | 'list' | 'strings'

/** A field's type, its default, and whether null is a value of it. */
export interface Field {
  type: FieldType
  fallback: unknown
  nullable: boolean
}

type Read = { ok: true; value: unknown } | { ok: false; type: string; msg: string; at?: number }

const good = (value: unknown): Read => ({ ok: true, value })
const bad = (type: string, msg: string): Read => ({ ok: false, type, msg })

function readInt(value: unknown): Read {
  if (typeof value === 'boolean') return good(Number(value))
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? good(value)
      : bad('int_from_float', 'Input should be a valid integer, got a number with a fractional part')
  }
  if (typeof value !== 'string') return bad('int_type', 'Input should be a valid integer')
  return /^\s*[+-]?\d+(\.0+)?\s*$/.test(value)
    ? good(Number(value))
    : bad('int_parsing', 'Input should be a valid integer, unable to parse string as an integer')
}

function readFloat(value: unknown): Read {
  if (typeof value === 'boolean') return good(Number(value))
  if (typeof value === 'number') return good(value)
  if (typeof value !== 'string') return bad('float_type', 'Input should be a valid number')
  return value.trim() !== '' && !Number.isNaN(Number(value))
    ? good(Number(value))
    : bad('float_parsing', 'Input should be a valid number, unable to parse string as a number')
}

const words = new Map<unknown, boolean>([
  ...['true', 't', 'yes', 'y', 'on', '1', 1, true].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0', 0, false].map((word) => [word, false] as const),
])

function readBool(value: unknown): Read {
  const known = words.get(typeof value === 'string' ? value.toLowerCase() : value)
  if (known !== undefined) return good(known)
  return typeof value === 'string' || typeof value === 'number'
    ? bad('bool_parsing', 'Input should be a valid boolean, unable to interpret input')
    : bad('bool_type', 'Input should be a valid boolean')
}

const readStr = (value: unknown): Read =>
  typeof value === 'string' ? good(value) : bad('string_type', 'Input should be a valid string')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readField(value: unknown, type: FieldType): Read {
  switch (type) {
    case 'str':
      return readStr(value)
    case 'int':
      return readInt(value)
    case 'float':
      return readFloat(value)
    case 'bool':
      return readBool(value)
    case 'object':
      return isObject(value) ? good(value) : bad('dict_type', 'Input should be a valid dictionary')
    case 'list':
      return Array.isArray(value) ? good(value) : bad('list_type', 'Input should be a valid list')
    case 'strings': {
      if (!Array.isArray(value)) return bad('list_type', 'Input should be a valid list')
      const wrong = value.findIndex((item) => typeof item !== 'string')
      return wrong < 0
        ? good(value)
        : { ok: false, type: 'string_type', msg: 'Input should be a valid string', at: wrong }
    }
    default:
      return type satisfies never
  }
}

/** Parses a body as FastAPI does: what is not JSON, or no object, is an issue too. */
export function parseBody(
  body: string,
  contentType: string | null,
): { value: Record<string, unknown> } | { issues: Issue[] } {
  if (body === '') return { issues: [{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }] }
  const notObject = (input: unknown): { issues: Issue[] } => ({
    issues: [
      {
        type: 'model_attributes_type',
        loc: ['body'],
        msg: 'Input should be a valid dictionary or object to extract fields from',
        input,
      },
    ],
  })
  if (contentType !== null && !/^application\/([\w.-]+\+)?json/i.test(contentType)) return notObject(body)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? 0)
    const issue = { type: 'json_invalid', loc: ['body', position], msg: 'JSON decode error', input: {} }
    return { issues: [{ ...issue, ctx: { error: 'Expecting value' } }] }
  }
  return isObject(value) ? { value } : notObject(value)
}

/** Reads a body's fields with pydantic's conversions; unknown fields are ignored. */
export function readModel(
  body: Record<string, unknown>,
  fields: Readonly<Record<string, Field>>,
): { values: Map<string, unknown> } | { issues: Issue[] } {
  const issues: Issue[] = []
  const values = new Map<string, unknown>()
  for (const [name, { type, fallback, nullable }] of Object.entries(fields)) {
    const input = body[name]
    if (!(name in body) || (input === null && nullable)) {
      values.set(name, name in body ? null : fallback)
      continue
    }
    const read = readField(input, type)
    if (read.ok) values.set(name, read.value)
    else {
      const loc = ['body', name, ...(read.at === undefined ? [] : [read.at])]
      const wrong: unknown = read.at === undefined || !Array.isArray(input) ? input : input[read.at]
      issues.push({ type: read.type, loc, msg: read.msg, input: wrong })
    }
  }
  return issues.length > 0 ? { issues } : { values }
}
