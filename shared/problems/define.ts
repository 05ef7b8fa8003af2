/** The kinds of expected failure, with the HTTP status that each one answers over REST. */
export const errorStatus = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_CONTENT: 422,
  TOO_MANY_REQUESTS: 429,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
} as const

export type ErrorCode = keyof typeof errorStatus

/** `message` says what is wrong, `hint` what to do next. Both may hold `{{name}}` places. */
export interface ProblemText {
  message: string
  hint: string
}

export interface ProblemEntry {
  code: ErrorCode
  en: ProblemText
  fr: ProblemText
}

export type ProblemParams = Record<string, string | number>

/** The names of the `{{name}}` places in a text. */
type PlacesIn<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? (Name extends `{${infer Inner}` ? Inner : Name) | PlacesIn<Rest>
  : never

/** The names of the places in an entry's English texts; a test holds the French ones against them. */
export type PlacesOf<Entry extends ProblemEntry> = Entry extends ProblemEntry
  ? PlacesIn<Entry['en']['message']> | PlacesIn<Entry['en']['hint']>
  : never

/** Keeps the ids of a topic's problems as literal types. */
export const defineProblems = <const T extends Record<string, ProblemEntry>>(entries: T): T => entries
