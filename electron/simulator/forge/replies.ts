import { json, type Reply } from '../http/reply'
import type { Issue } from './pydantic'

/** FastAPI's error with a text. */
export const detail = (status: number, message: string): Reply => json({ detail: message }, status)

export const notFound = detail(404, 'Not Found')

/** FastAPI's 422 with the list of what is wrong. */
export const unprocessable = (issues: Issue[]): Reply =>
  // What is no JSON is FastAPI's own issue, the others are pydantic's.
  json(
    {
      detail: issues.map((issue) =>
        issue.type === 'json_invalid' ? issue : { ...issue, url: `https://errors.pydantic.dev/2.8/v/${issue.type}` },
      ),
    },
    422,
  )

/** Pydantic's issue of a field that is not there. */
export const missing = (...loc: string[]): Issue => ({ type: 'missing', loc, msg: 'Field required', input: null })

/** An exception inside a route, as Forge's own handler turns it into JSON. */
export class ForgeException extends Error {
  constructor(
    readonly type: string,
    message: string,
    /** FastAPI's own exceptions carry what they were about. */
    readonly body: unknown = '',
  ) {
    super(message)
  }
}

export const exceptionReply = ({ type, message, body }: ForgeException): Reply =>
  json({ error: type, detail: '', body, message }, 500)

/** FastAPI's own exceptions with a status and a text for `detail`. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}
