import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import * as z from 'zod'
import { contract, Credential, procedures, ProblemData, Service, type Described } from '../../../shared/contract'
import type { Answer, ApiDocument, Operation } from './document'
import { errorResponses, errorsOf } from './errors'
import { bodyOf, withExamples } from './examples'
import { partsOf } from './parts'
import { repaired } from './schemas'
import { streamParameters, streamText, toldAsText } from './streams'

/** What every refusal carries. */
const ErrorBody = z.object({
  defined: z.boolean(),
  code: z.string(),
  status: z.number().int(),
  message: z.string(),
  data: ProblemData.optional(),
})

const securitySchemes: Record<string, OpenAPI.SecuritySchemeObject> = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'The admin token, for scripts: an administrator, and a fresh proof of identity at each call.',
  },
  page: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Regie-Page',
    description:
      'A session, from `POST /session`: the part of `pageKey` before the point, beside the cookie that the same answer ' +
      'sets (`regie_session_<port>`). Neither is worth anything without the other.',
  },
}

const allowed: Record<Described['access'], string> = {
  public: 'For anybody who reaches the panel.',
  user: 'For users and administrators.',
  own: 'For administrators, and for users of what is their own: anything else is not found.',
  shared:
    'For administrators, and for users of what is their own, or of everybody’s while the gallery is shared: anything ' +
    'else is not found.',
  waking: 'For administrators, and for users of a service whose `idle.wake` lets them start it.',
  admin: 'For administrators.',
}
const proof =
  'Asks a session for a fresh proof of identity (`POST /session/proof`, good for 5 minutes); a token is one at each call.'

/** The roles are named as OpenAPI 3.1 has it: https://spec.openapis.org/oas/v3.1.1#security-requirement-object */
function securityOf({ access, reauth }: Described): Record<string, string[]>[] {
  if (access === 'public') return []
  const role = access === 'admin' ? 'admin' : 'user'
  return [{ token: [role] }, { page: reauth ? [role, 'fresh-proof'] : [role] }]
}

/** What is answered where all is well, by status. */
function successOf({ responses = {} }: Operation): Record<string, Answer> {
  const all = Object.entries(responses).filter(([status]) => Number(status) < 400)
  return Object.fromEntries(all.map(([status, answer]) => [status, toldAsText(answer)]))
}

/** What a procedure's operation says, made whole from the contract. */
function complete(operation: Operation, procedure: Described): Operation {
  const { access, reauth, stream, errors } = procedure
  const says = [operation.description, allowed[access], reauth && proof, stream && streamText[stream]]
  const parts = partsOf(operation)
  const named = withExamples(operation.parameters ?? [])
  const parameters = [...named, ...streamParameters(stream), ...parts.parameters]
  return {
    ...operation,
    description: says.filter(Boolean).join('\n\n'),
    security: securityOf(procedure),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.requestBody && { requestBody: bodyOf(operation.requestBody, procedure) }),
    responses: { ...successOf(operation), ...parts.responses, ...errorsOf(errors) },
  }
}

/**
 * The REST API as an OpenAPI document, all of it derived from the contract: what each operation takes and answers, who
 * may call it, and every error that it can give.
 */
export async function describeApi(version: string): Promise<ApiDocument> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const generated = await generator.generate(contract, {
    info: {
      title: 'Regie',
      version,
      description: 'Everything the panel can do. Errors are `{code, message, data: {problem, params, hint}}`.',
    },
    servers: [{ url: '/api/v1' }],
    components: { securitySchemes },
    // Once for all: a page that shows the description would else spend minutes on a megabyte of repetitions.
    commonSchemas: { Error: { schema: ErrorBody }, Service: { schema: Service }, Credential: { schema: Credential } },
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/Error' }),
  })
  const document = repaired(generated as unknown as ApiDocument) // see there
  document.components = { ...document.components, responses: errorResponses }
  for (const procedure of procedures()) {
    const at = document.paths[procedure.path]
    const method = procedure.method.toLowerCase()
    const operation = at?.[method]
    if (!at || !operation) throw new Error(`${procedure.name} is not described`)
    at[method] = complete(operation, procedure)
  }
  return document
}
