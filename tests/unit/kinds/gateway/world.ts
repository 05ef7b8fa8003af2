import type {
  GatewayQuestion,
  GatewayWorld,
  Handling,
  OwnAnswer,
  ServiceAnswer,
  ServiceQuestion,
  Visitor,
  WholeQuestion,
} from '../../../../electron/kinds/gateway'
import { isOwnAnswer } from '../../../../electron/kinds/gateway'
import { kindOf } from '../../../../electron/kinds'
import { AccountId, type ServiceKind } from '../../../../shared/contract'

const person = (name: string, role: Visitor['role']): Visitor => ({ account: AccountId.parse(name), keyId: null, role })

export const maya = person('maya', 'user')
export const noah = person('noah', 'user')
export const chief = person('chief', 'admin')

type TestAnswer = Partial<Omit<ServiceAnswer, 'body'>> & { body?: string }

export interface Told {
  owners: Map<string, string>
  asked: string[]
  /** What the service answers, by method and target. */
  answers: Record<string, TestAnswer>
  answer: (question: ServiceQuestion) => TestAnswer | null
  unknownRoutes: boolean
  number: number | null
  hasEnded: boolean
}

/** `GET /queue?x=1` as a kind reads it. */
export function questionOf(asked: string, headers: GatewayQuestion['headers'] = {}, body = ''): WholeQuestion {
  const [method = '', target = ''] = asked.split(' ')
  const [path = '', query = ''] = target.split('?')
  const holdBody = () => Promise.resolve(Buffer.from(body))
  return { method, path, query: new URLSearchParams(query), headers, isUpgrade: path.endsWith('/ws'), holdBody }
}

/** A service of a kind as its isolation sees it: with owners in memory, and answers that a test writes. */
export function isolated(kind: ServiceKind) {
  const told: Told = {
    owners: new Map(),
    asked: [],
    answers: {},
    answer: () => null,
    unknownRoutes: false,
    number: null,
    hasEnded: false,
  }
  const world: GatewayWorld = {
    serviceId: 'studio',
    owners: {
      note(what, id, { account }) {
        const key = `${what} ${id}`
        const owner = told.owners.get(key)
        if (owner !== undefined && what !== 'file') return owner === account
        told.owners.set(key, account)
        return true
      },
      of(what, id) {
        const account = told.owners.get(`${what} ${id}`)
        return account === undefined ? null : { account }
      },
      othersBelow: (what, begin, account) =>
        [...told.owners].some(([key, owner]) => key.startsWith(`${what} ${begin}`) && owner !== account),
    },
    unknownRoutes: () => told.unknownRoutes,
    numberFor: () => told.number,
    hasEnded: () => told.hasEnded,
    ask(question) {
      const { method, target } = question
      told.asked.push(`${method} ${target}`)
      const { status = 200, body = '' } = told.answer(question) ??
        told.answers[`${method} ${target}`] ?? { status: 404 }
      return Promise.resolve({ status, body: Buffer.from(body) })
    },
  }
  const isolation = kindOf(kind).gateway.isolate(world)

  /** `GET /queue?x=1`, as somebody asks it. */
  const ask = async (asked: string, visitor: Visitor, headers: GatewayQuestion['headers'] = {}, body = '') => {
    return isolation.handle(questionOf(asked, headers, body), visitor)
  }
  const handled = async (...asked: Parameters<typeof ask>): Promise<Handling> => {
    const handling = await ask(...asked)
    if (isOwnAnswer(handling)) throw new Error(`answered ${handling.status} ${handling.body}`)
    return handling
  }
  const own = async (...asked: Parameters<typeof ask>): Promise<OwnAnswer> => {
    const handling = await ask(...asked)
    if (!isOwnAnswer(handling)) throw new Error('would be sent on')
    return handling
  }
  /** What is sent on of a body; of an own answer, its status and text. */
  const sends = async (
    asked: string,
    visitor: Visitor,
    body: string | object,
    headers?: GatewayQuestion['headers'],
  ) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const handling = await ask(asked, visitor, headers, text)
    if (isOwnAnswer(handling)) return `own ${handling.status} ${handling.body}`
    const read = await (handling.body?.read(Buffer.from(text)) ?? Buffer.from(text))
    return Buffer.isBuffer(read) ? read.toString() : `own ${read.status} ${read.body}`
  }
  /** A whole exchange: what is sent on, what is given of the answer, and how it was handled. */
  const exchanged = async (asked: string, visitor: Visitor, body: object, answer: string) => {
    const text = JSON.stringify(body)
    const question = questionOf(asked, {}, text)
    const handling = await isolation.handle(question, visitor)
    if (isOwnAnswer(handling)) throw new Error(`answered ${handling.status} ${handling.body}`)
    try {
      const read = await handling.body?.read(Buffer.from(text))
      const sent = Buffer.isBuffer(read) ? read.toString() : ''
      await handling.answer?.read(Buffer.from(answer))
      return { question, handling, sent }
    } finally {
      handling.ended?.()
    }
  }
  /** What is given of an answer. */
  const gives = async (asked: string, visitor: Visitor, answer: string) => {
    const handling = await handled(asked, visitor)
    const read = await (handling.answer?.read(Buffer.from(answer)) ?? Buffer.from(answer))
    return read.toString()
  }
  return { told, isolation, ask, handled, own, sends, exchanged, gives }
}
