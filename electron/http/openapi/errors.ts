import { firstKind } from '../../../shared/kinds'
import { errorStatus, Problem, type ErrorCode, type ProblemId } from '../../../shared/problems'
import { errorBody } from '../refusals'
import type { Answer } from './document'

/** What each kind of Problem means, and one of them to show. */
const refusals: Record<ErrorCode, { text: string; example: ProblemId; params?: Record<string, string | number> }> = {
  BAD_REQUEST: {
    text: 'The request does not fit: a field is missing, unknown or of another kind.',
    example: 'input.invalid',
    params: { issues: 'unknown: limti' },
  },
  UNAUTHORIZED: {
    text: 'Nobody is signed in, the session is locked, or what was shown is not accepted.',
    example: 'session.required',
  },
  FORBIDDEN: {
    text: 'The caller may not do this, must show anew who they are, or the Host or Origin is not the panel’s.',
    example: 'session.forbidden',
  },
  NOT_FOUND: { text: 'What is named is not there.', example: 'service.not-found', params: { id: firstKind } },
  METHOD_NOT_ALLOWED: {
    text: 'The path has other methods; Allow names them.',
    example: 'http.wrong-method',
    params: { method: 'PUT', allowed: 'GET, HEAD' },
  },
  CONFLICT: {
    text: 'It cannot be done as things stand.',
    example: 'service.busy',
    params: { id: firstKind, operation: 'start' },
  },
  PAYLOAD_TOO_LARGE: { text: 'There is too much of it.', example: 'input.too-large', params: { limitMiB: 1 } },
  UNSUPPORTED_MEDIA_TYPE: {
    text: 'The body is of a type that is not read here.',
    example: 'http.wrong-media-type',
    params: { type: 'text/plain', wanted: 'application/json' },
  },
  UNPROCESSABLE_CONTENT: {
    text: 'It is understood, and cannot be done with these values.',
    example: 'access.password-short',
    params: { least: 8 },
  },
  TOO_MANY_REQUESTS: {
    text: 'Too many failed attempts, or too much at once.',
    example: 'session.too-many',
    params: { seconds: 30 },
  },
  BAD_GATEWAY: {
    text: 'A service or Docker answered what it should not.',
    example: 'backend.unreachable',
    params: { url: 'http://127.0.0.1:8188' },
  },
  SERVICE_UNAVAILABLE: { text: 'Something that it needs is not there now.', example: 'vault.locked' },
  GATEWAY_TIMEOUT: {
    text: 'A service or a program did not answer in time.',
    example: 'backend.timeout',
    params: { url: 'http://127.0.0.1:8188', seconds: 10 },
  },
}

const codes = Object.keys(refusals) as ErrorCode[] // the keys of a Record of all of them

/** One answer for each kind of Problem, for `components`. */
export const errorResponses: Record<string, Answer> = Object.fromEntries(
  codes.map((code) => {
    const { text, example, params } = refusals[code]
    const content = {
      schema: { $ref: '#/components/schemas/Error' },
      example: errorBody(new Problem(example, params)),
    }
    return [code, { description: text, content: { 'application/json': content } }]
  }),
)

/** The errors of an operation, by status. */
export const errorsOf = (codes: readonly ErrorCode[]): Record<string, Answer> =>
  Object.fromEntries(codes.map((code) => [errorStatus[code], { $ref: `#/components/responses/${code}` }]))
