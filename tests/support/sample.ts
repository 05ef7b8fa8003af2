import * as z from 'zod'

/** A value that a schema takes, as small as can be: what may be missing is, and of several the first. */
function sample(schema: unknown): unknown {
  if (schema instanceof z.ZodLiteral) return [...schema.values][0]
  if (schema instanceof z.ZodEnum) return schema.options[0]
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).filter(([, field]) => !(field instanceof z.ZodOptional))
    return Object.fromEntries(fields.map(([name, field]) => [name, sample(field)]))
  }
  if (schema instanceof z.ZodUnion) return sample(schema.options[0])
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return null
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue
  if (schema instanceof z.ZodArray) return []
  if (schema instanceof z.ZodTuple) return schema.def.items.map(sample)
  if (schema instanceof z.ZodRecord) return {}
  if (schema instanceof z.ZodBoolean) return false
  if (schema instanceof z.ZodNumber) return 1
  if (schema instanceof z.ZodString) return 'sample'
  throw new Error('no sample of this kind of schema')
}

/** The same, checked against the schema. */
export const sampleOf = <S extends z.ZodType>(schema: S): z.output<S> => schema.parse(sample(schema))
