import { isSecure, type Door } from '../../access/guard'
import { describeProblem, Problem } from '../../../shared/problems'
import { kinds } from '../../../shared/kinds'
import type { Asked, Guest, OwnAnswer } from '../stages'
import { safeNext } from './next'
import { headersOf, isOwnForm } from './own-page-check'
import {
  messagePage,
  passingPage,
  signInPage,
  signOutPage,
  type Condition,
  type PageOf,
  type SignIn,
} from './page/page'
import { languageOf } from '../../../shared/problems/language'
import { words } from './page/words'
import { signInCookie, type Listener, type SignIns } from './sign-ins'

/** A form with a name and a password, or a key, is no longer than this, in bytes. */
const longestForm = 16 * 1024

/** What these pages are told of the listener that they belong to. */
export interface Place {
  listener: Listener
  door: Door
  /** What the service is called. */
  title: string
  /** What has become of the service. */
  condition: () => Promise<Condition>
  /** Takes back that somebody waits for the service here, and says what becomes of it. */
  cancelWaking: (guest: Guest) => Problem
}

/** A key or password that was typed, looked at. Throws the Problem that says why it is not taken. */
export interface Looks {
  key: (key: string, from: string, serviceId: string) => Guest
  password: (name: string, password: string, from: string) => Promise<Guest>
}

const languageFor = (asked: Asked) => languageOf(asked.headers['accept-language'])

/** Whose page it is, for whoever asks. */
const pageOf = (asked: Asked, { title, door }: Pick<Place, 'title' | 'door'>): PageOf => ({
  service: { title, icon: kinds[asked.kind].icon },
  address: asked.headers.host ?? '',
  isSecure: isSecure(headersOf(asked), door),
  language: languageFor(asked),
})

const goTo = (location: string, cookie?: string): OwnAnswer => ({
  own: {
    status: 303,
    headers: {
      ...{ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    },
    body: '',
  },
})

/** A refusal as a page, in the browser's language. */
export function problemPage(asked: Asked, place: Pick<Place, 'title' | 'door'>, problem: Problem, status: number) {
  const of = pageOf(asked, place)
  return messagePage(of, {
    ...describeProblem(problem.id, problem.params, of.language),
    status,
    offersSignIn: status === 401,
  })
}

async function readForm(asked: Asked): Promise<URLSearchParams | null> {
  const type = (asked.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const body = await asked.readBody(longestForm)
  return type === 'application/x-www-form-urlencoded' ? new URLSearchParams(body.toString('utf8')) : null
}

interface Typed {
  way: SignIn['way']
  name: string
  secret: string
  next: string
}

function readTyped(form: URLSearchParams | null): Typed | null {
  if (form === null) return null
  const way = form.get('by') === 'key' ? 'key' : 'password'
  const secret = form.get(way === 'key' ? 'key' : 'password') ?? ''
  return { way, name: (form.get('username') ?? '').trim(), secret, next: safeNext(form.get('next')) }
}

/** What is said of what was typed, by the Problem with which it was refused. */
function saidOf(problem: Problem, asked: Asked, title: string): Pick<SignIn, 'wrong' | 'waitS'> {
  const language = languageFor(asked)
  const { wrong } = words[language]
  if (problem.id === 'session.too-many') {
    const waitS = Math.max(1, Number(problem.params['seconds']) || 1)
    return { wrong: wrong.wait(waitS), waitS }
  }
  const said: Partial<Record<Problem['id'], string>> = {
    'session.bad-password': wrong.password,
    'gateway.key-refused': wrong.key,
    'gateway.key-broken': wrong.broken,
    'gateway.other-service': wrong.otherService(title),
    'user.suspended': wrong.suspended,
    // Strangers are told no more than that.
    'people.unreadable': describeProblem('gateway.closed', {}, language).message,
  }
  return { wrong: said[problem.id] ?? describeProblem(problem.id, problem.params, language).message, waitS: 0 }
}

/** The form as it is found, with what is known otherwise. */
const signIn = async (asked: Asked, place: Place, known: Partial<SignIn> = {}): Promise<OwnAnswer> => ({
  own: signInPage(pageOf(asked, place), {
    ...{ way: 'password', name: '', wrong: null, waitS: 0, next: safeNext(asked.query.get('next')) },
    ...{ isSignedOut: asked.query.has('out'), condition: await place.condition() },
    ...known,
  }),
})

async function showSignIn(asked: Asked, place: Place, isSignedIn: boolean): Promise<OwnAnswer> {
  const next = safeNext(asked.query.get('next'))
  if (isSignedIn) return goTo(next)
  // From a page of another site a browser sends no cookie. The start page, which does nothing, is asked for once more
  // from a page of one's own; any other address waits for a click.
  const isFromElsewhere = asked.headers['sec-fetch-site'] === 'cross-site'
  return isFromElsewhere && next === '/' && !asked.query.has('again')
    ? { own: passingPage(pageOf(asked, place), '/_regie/signin?again=1') }
    : signIn(asked, place)
}

const methodRefused: OwnAnswer = {
  own: { status: 405, headers: { allow: 'GET, HEAD, POST', 'cache-control': 'no-store' }, body: '' },
}

/** The gateway's own pages at one listener: `/_regie/signin` and `/_regie/signout`, and what the waking page sends. */
export function createOwnPages({ signIns, looks }: { signIns: SignIns; looks: Looks }) {
  async function takeSignIn(asked: Asked, place: Place, before: string | null): Promise<OwnAnswer> {
    const { wrong } = words[languageFor(asked)]
    const typed = readTyped(await readForm(asked))
    if (typed === null) return signIn(asked, place, { wrong: wrong.unreadable })
    const { way, name, secret, next } = typed
    if (secret === '' || (way === 'password' && name === ''))
      return signIn(asked, place, { way, name, next, wrong: wrong.empty })
    try {
      const guest =
        way === 'key'
          ? looks.key(secret.trim(), asked.from, asked.serviceId)
          : await looks.password(name, secret, asked.from)
      const { value, maxAgeS } = signIns.open(guest, place.listener)
      if (before !== null) signIns.end(before)
      return goTo(next, signInCookie(place.listener, value, maxAgeS, isSecure(headersOf(asked), place.door)))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return signIn(asked, place, { way, name, next, ...saidOf(error, asked, place.title) })
    }
  }

  return {
    /** Answers one of the pages; null where the path is none of them. `signedIn`: who this browser is signed in as. */
    async answer(asked: Asked, place: Place, signedIn: { id: string; guest: Guest } | null): Promise<OwnAnswer | null> {
      const isRead = asked.method === 'GET' || asked.method === 'HEAD'
      const isForm = asked.method === 'POST'
      const page = asked.path.slice('/_regie/'.length)
      if (page !== 'signin' && page !== 'signout' && page !== 'waking') return null
      if (asked.isUpgrade || (!isRead && !isForm)) return methodRefused
      if (isForm && !isOwnForm(asked, place.door)) {
        const { own } = await signIn(asked, place, { wrong: words[languageFor(asked)].wrong.foreign })
        return { own: { ...own, status: 403 } }
      }
      if (page === 'waking') {
        if (signedIn === null || !isForm) return goTo('/')
        return { own: problemPage(asked, place, place.cancelWaking(signedIn.guest), 200) }
      }
      if (page === 'signin')
        return isForm ? takeSignIn(asked, place, signedIn?.id ?? null) : showSignIn(asked, place, signedIn !== null)
      if (signedIn === null) return goTo('/_regie/signin?out')
      if (!isForm) return { own: signOutPage(pageOf(asked, place), signedIn.guest.name) }
      signIns.end(signedIn.id)
      return goTo('/_regie/signin?out', signInCookie(place.listener, '', 0, isSecure(headersOf(asked), place.door)))
    },
  }
}
