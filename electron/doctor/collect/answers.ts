import type { ServiceKind } from '../../../shared/contract'
import { kindOf } from '../../kinds'
import type { HttpAnswer } from '../../kinds/http'
import { parseJson } from '../../kinds/json'
import { readHereLimit } from '../../kinds/limits'
import { isFormRefusal, isRefusal } from '../../kinds/refusal'
import type { Answer, LoginPage, Look, Symptoms } from '../../kinds/symptoms'

/** `GET /config` of gradio, which is megabytes. */
const gradio = /"components"\s*:\s*\[/

const longest = 120

/** Words of another program, fit to be shown: one line, not too long. */
export const plainWords = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest)

/** The JSON of a text; undefined for what is none, or longer than may be parsed where it is. */
export const jsonOf = (text: string): unknown => (text.length > readHereLimit ? undefined : parseJson(text))

const isHtml = (text: string) => /^\s*</.test(text)

function looksOf({ isOpen, isRefusal }: Symptoms, text: string, page: LoginPage | null): Look {
  if (text.trim() === '') return 'empty'
  if (page?.isOwn) return page.password === 'unset' ? 'login-create' : 'login-sign-in'
  if (isHtml(text)) return /name=["']?password/i.test(text) ? 'login-sign-in' : 'other'
  const json = jsonOf(text)
  if (isRefusal(json)) return 'refusal'
  if (/^\s*\{\s*\}\s*$/.test(text)) return 'empty-object'
  if (gradio.test(text)) return 'gradio'
  return isOpen(json) ? 'open' : 'other'
}

/** The path of a redirect; with its origin where it leads elsewhere. What follows the path may repeat a token. */
function placeOf(location: string, url: string): string {
  const base = new URL(url)
  if (!URL.canParse(location, base)) return plainWords(location.replace(/[?#].*$/, ''))
  const target = new URL(location, base)
  const path = plainWords(target.pathname)
  return target.origin === base.origin ? path : `${target.origin}${path}`
}

export const first = (value: string | string[] | undefined) =>
  Array.isArray(value) ? (value[0] ?? null) : (value ?? null)

const nobody: Omit<Answer, 'asked'> = {
  status: null,
  error: null,
  refused: false,
  looks: 'empty',
  server: null,
  via: null,
  location: null,
  challenge: null,
  allowOrigin: null,
  page: null,
  flags: [],
}

/** That nothing came back, and why. */
export const silence = (asked: string, error: string): Answer => ({ ...nobody, asked, error })

/**
 * Reads an answer to `asked` (its method and path): its status, the headers that tell who sent it, and what its body looks
 * like to somebody who asked for a service of this kind.
 */
export function readAnswer(
  { kind, url, asked, isForm = false }: { kind: ServiceKind; url: string; asked: string; isForm?: boolean },
  { status, headers, body }: HttpAnswer,
): Answer {
  const { symptoms } = kindOf(kind)
  const text = body.toString('utf8')
  const location = headers.location ?? null
  const [via, server] = [first(headers['via']), first(headers['server'])]
  const challenge = first(headers['www-authenticate']) ?? first(headers['proxy-authenticate'])
  const allowed = first(headers['access-control-allow-origin'])
  const page = isHtml(text) ? (symptoms.readPage?.(text) ?? null) : null
  return {
    ...nobody,
    asked,
    status,
    refused: (isForm ? isFormRefusal : isRefusal)({ status, location }, url + asked.replace(/^\S+ /, '')),
    looks: looksOf(symptoms, text, page),
    server: server === null ? null : plainWords(server),
    via: via === null ? null : plainWords(via),
    location: location === null ? null : placeOf(location, url),
    challenge: challenge === null ? null : plainWords(challenge),
    allowOrigin: allowed === null ? null : plainWords(allowed),
    page,
    flags: symptoms.flagsIn(jsonOf(text)),
  }
}

/** Whether an answer is one that a service of the kind asked for gives, open or guarded. */
export const isOwn = ({ looks }: Pick<Answer, 'looks'>): boolean => looks === 'open' || looks === 'refusal'
