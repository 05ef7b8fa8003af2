import { createAdmission, withAdmission } from '../../electron/gateway/admission'
import { createAttempts } from '../../electron/people'
import { memoryStore } from './access'
import { startFrontDoor } from './front-door'
import { anna, anyKey, type testPeople } from './people'
import { freePort } from './ports'

type TestPeople = Awaited<ReturnType<typeof testPeople>>

export const annasPassword = 'correct horse'

/**
 * A real gateway before a service, at which Anna has a key and a password. `store` and `people` are those of another one
 * where both are of one panel. Gone with `await using`.
 */
export async function startAdmittedDoor(
  at: TestPeople,
  options: {
    url: string
    with?: { people: Awaited<ReturnType<TestPeople['open']>>; store: ReturnType<typeof memoryStore> }
  },
) {
  const port = await freePort()
  const people = options.with?.people ?? (await at.open())
  const store = options.with?.store ?? memoryStore()
  if (!options.with) {
    await people.create(anna, 'admin')
    const nobodyAsks = { current: undefined, asksCurrent: false, logins: [], by: null, who: 'admin' }
    await people.setPassword({ account: 'anna', password: annasPassword, ...nobodyAsks })
  }
  const { key, record } = await people.createKey(anyKey('anna'), 'admin')
  const admission = createAdmission({
    ...{ people, store, attempts: createAttempts({ store }) },
    listenerOf: () => ({ door: { port, extraHosts: [] }, title: 'qwen' }),
    conditionOf: () => Promise.resolve(null),
    isVaultOpen: () => true,
    cancelWaking: () => false,
    isServiceSecret: (_, { secret }) => Promise.resolve(secret === 'the-service-secret'),
    noteServiceSecret: () => undefined,
  })
  const door = await startFrontDoor({
    url: options.url,
    gateway: { port },
    stages: (open) => withAdmission(open, admission),
  })
  const forget = admission.onShrink(
    () => void door.gateway.inside.cut(({ guest }) => !admission.isStillIn(guest), false),
  )
  return {
    ...door,
    ...{ people, store, admission, key, keyId: record.id },
    /** Signs Anna in as her browser would, and answers what it sends from then on. */
    async signIn(next = '/'): Promise<string> {
      const answer = await fetch(`${door.url}/_regie/signin`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: door.url },
        body: new URLSearchParams({ by: 'password', username: 'anna', password: annasPassword, next }),
      })
      return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    },
    async [Symbol.asyncDispose]() {
      forget()
      admission.close()
      await door[Symbol.asyncDispose]()
    },
  }
}
