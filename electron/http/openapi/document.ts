/** The parts of an OpenAPI 3.1 document that are read and written here; the types of its maker mix 3.0 and 3.1. */
export interface ApiDocument {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

export interface Operation {
  operationId?: string
  /** Its former name or way: it answers until 1.0. */
  deprecated?: boolean
  description?: string
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: Body
  responses?: Record<string, Answer>
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  example?: unknown
  schema?: { examples?: unknown[]; [keyword: string]: unknown }
}

export interface Media {
  schema?: { oneOf?: unknown[]; [keyword: string]: unknown }
  example?: unknown
}

export interface Body {
  content: Record<string, Media>
}

/** An answer, or where in the document it stands. */
export interface Answer {
  $ref?: string
  description?: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}
