/** Python's ways of converting and printing, as far as ComfyUI's answers show them. */

/** `repr` of a value from JSON. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string')
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`
  }
  return JSON.stringify(value)
}

/** `str` of a value from JSON. */
export const str = (value: unknown): string => (typeof value === 'string' ? value : repr(value))

const typeName = (value: unknown) =>
  value === null || value === undefined
    ? 'NoneType'
    : Array.isArray(value)
      ? 'list'
      : ({ object: 'dict', string: 'str', boolean: 'bool' }[typeof value as string] ?? 'int')

/** `int(value)`; throws an Error with Python's message. */
export function toInt(value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string') {
    if (/^\s*[+-]?\d+(_\d+)*\s*$/.test(value)) return Number(value.replaceAll('_', ''))
    throw new Error(`invalid literal for int() with base 10: ${repr(value)}`)
  }
  throw new Error(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`)
}

/** `float(value)`; throws an Error with Python's message. */
export function toFloat(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string') {
    const number = value.trim() === '' ? NaN : Number(value)
    if (!Number.isNaN(number)) return number
    throw new Error(`could not convert string to float: ${repr(value)}`)
  }
  throw new Error(`float() argument must be a string or a real number, not '${typeName(value)}'`)
}

/** `bool(value)`: any text that is not empty is true, even "false". */
export function toBool(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
