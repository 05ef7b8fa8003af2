import type { CauseId } from '../../shared/contract'
import type { Secret } from '../vault/secret'

/** What the doctor asks of a service. `ours`: with the vault's credential; the others with none. */
export type QuestionId =
  | 'stranger'
  | 'ours'
  | 'empty-token'
  | 'with-origin'
  | 'login-page'
  | 'web-login'
  | 'config'
  | 'gradio-login'
  | 'ping'
  | 'extension'

/** What a body tells of the program that sent it. `open` and `refusal`: the very kind that was asked for. */
export type Look = 'open' | 'refusal' | 'gradio' | 'empty-object' | 'login-create' | 'login-sign-in' | 'empty' | 'other'

/** What a sign-in page tells a stranger. */
export interface LoginPage {
  /** Whether it is that of the kind at all. */
  isOwn: boolean
  /** Whether anybody may come in as a guest. */
  guests: 'welcome' | 'refused' | 'unknown'
  /** Whether a password is set, or whoever comes first chooses it. */
  password: 'set' | 'unset' | 'unknown'
  /** Whether it asks for a name: then the service writes its PASSWORD file when somebody signs in. */
  asksForName: boolean
}

/** One answer, without anything secret in it. */
export interface Answer {
  /** As sent, e.g. `GET /system_stats`. */
  asked: string
  /** null: nothing came back. */
  status: number | null
  /** Why nothing came back, e.g. `ECONNREFUSED`. */
  error: string | null
  /** Whether it turns the asker away (`isRefusal`, `isFormRefusal`). */
  refused: boolean
  looks: Look
  server: string | null
  via: string | null
  /** Path of a redirect, with its origin where that is another one. */
  location: string | null
  /** `WWW-Authenticate` or `Proxy-Authenticate`. */
  challenge: string | null
  allowOrigin: string | null
  /** What the answer says as a sign-in page; null: it is no page. */
  page: LoginPage | null
  /** Flags with which the program says that it was started. */
  flags: string[]
}

export type Answers = Partial<Record<QuestionId, Answer>>

/** What a log tells of the credential, in the service's own words. Only the last start counts. */
export interface LogTraces {
  importFailed: string | null
  /** The fingerprint of the token that it printed. */
  printedToken: string | null
  brokenApiAuth: string | null
  /** The last line with which the thread that serves it died. */
  webThread: string | null
}

/** By what the doctor tells what ails a service of a kind. */
export interface Symptoms {
  /** Whether JSON is what its protected path tells those whom it lets in. */
  isOpen: (json: unknown) => boolean
  /** Whether JSON is its own refusal, word for word. */
  isRefusal: (json: unknown) => boolean
  /** The challenge that its own refusals carry; null where they carry none. */
  challenge: RegExp | null
  /** Flags that concern protection, from what its protected path tells. */
  flagsIn: (json: unknown) => string[]
  /** Reads its sign-in page; null where it has none of its own. */
  readPage: ((html: string) => LoginPage) | null
  /** Whether only a service that answered as itself is asked any further. */
  asksOnlyItself: boolean
  /** What is tried at its sign-in form; null where there is none, or where trying would write something. */
  form: (secret: Secret, known: Answers) => { id: QuestionId; fields: Record<string, string> } | null
  /** The one part of a secret that opens it outside its form; null where any may. */
  opensBy: 'token' | null
  /** What its credential may be mistaken for: a token for the password of a form, or the flag of the API for the pages'. */
  layers: 'token-and-form' | 'api-and-pages'
  /** Causes that are its own; those that no kind names are everybody's. */
  causes: readonly CauseId[]
  /** The one file that it reads its credential from, below the folder that a flag names, or below where it runs. */
  loginFile: { path: string; folder: RegExp } | null
  /** Names of variables of a container that may hold its credential. */
  variables: RegExp | null
  /** Reads a log, redacted, oldest line first. */
  readLog: (lines: readonly string[]) => Partial<LogTraces>
}

/** The last line that matches, as it is quoted. */
export const lastLine = (lines: readonly string[], pattern: RegExp): string | null =>
  lines
    .findLast((line) => pattern.test(line))
    ?.trim()
    .slice(0, 300) ?? null
