import { describe, expect, it } from 'vitest'
import { createListeners } from '../../../../electron/async/listeners'
import type { Admitted, OwnAnswer, Refused, Upstream } from '../../../../electron/gateway/stages'
import { createWaking, type Rotating, type WakingOptions } from '../../../../electron/gateway/waking'
import { fitOf } from '../../../../electron/services/fit'
import type { PanelEvent, Service } from '../../../../shared/contract'
import { Problem } from '../../../../shared/problems'
import { neverSleeps } from '../../../../shared/service-idle'
import { until } from '../../../support/until'
import { asking, sleepyService } from './support'

/** A service whose starts end when they are told to. */
function house(options: Partial<WakingOptions> = {}) {
  const bus = createListeners<[PanelEvent]>()
  let service = sleepyService()
  let end: { resolve: (service: Service) => void; reject: (error: Error) => void } | null = null
  const state = {
    starts: 0,
    rotating: 'no' as Rotating,
    isOpen: true,
    isUsed: false,
    looks: 0,
    stops: 0,
    stopFails: null as Problem | null,
    reasons: [] as string[],
  }
  const be = (change: Partial<Service>) => {
    service = { ...service, ...change }
    bus.tell({ type: 'service', service })
  }
  const health = (is: Service['health']['state']) => ({ health: { ...service.health, state: is } })
  const waking = createWaking({
    services: {
      get: () => service,
      start() {
        state.starts += 1
        be({ operation: 'start' })
        return new Promise<Service>((resolve, reject) => {
          end = { resolve, reject }
        })
      },
      stop() {
        if (state.stopFails) return Promise.reject(state.stopFails)
        state.stops += 1
        // A start is cut short by it.
        if (service.operation === 'start') {
          be({ operation: null })
          end?.reject(new Problem('service.start-cancelled', { id: 'studio' }))
        }
        be(health('stopped'))
        return Promise.resolve(service)
      },
    },
    isUsed: () => state.isUsed,
    look: () => {
      state.looks += 1
      return Promise.resolve()
    },
    timeline: {
      during(asked, work) {
        state.reasons.push(asked.reason.message)
        return work()
      },
      startTimes: () => Promise.resolve([48_000]),
      list: () => Promise.resolve({ items: [] }),
    },
    fit: () => Promise.resolve(fitOf({ id: 'studio', expectedMiB: null, from: 'unknown', gpu: null })),
    rotating: () => state.rotating,
    isOpen: () => state.isOpen,
    work: () => () => {},
    reading: () => () => {},
    listen: bus.on,
    holdMs: 10_000,
    reportBug: (error) => {
      throw error
    },
    ...options,
  })
  const listens = () => {
    be({ operation: null, ...health('listening') })
    end?.resolve(service)
  }
  return {
    state,
    waking,
    be,
    health,
    ask: (admitted: Admitted = asking()) => Promise.resolve(waking.ready(admitted, 0)),
    /** Its start ends: it listens, and is ready a moment later. */
    started: () => {
      listens()
      be(health('ready'))
    },
    listens,
    crash: () => {
      const rung = { id: 'running', state: 'failed', asked: '', answered: 'exit 1', at: 0, tookMs: 0 } as const
      be({ operation: null, health: { ...health('unhealthy').health, rungs: [rung] } })
    },
    failed: (problem: Problem) => {
      be({ operation: null, ...health('stopped') })
      end?.reject(problem)
    },
  }
}

const told = (outcome: Upstream | Refused | OwnAnswer) =>
  'refused' in outcome ? `${outcome.status} ${outcome.refused.id} ${outcome.retryAfterS ?? ''}`.trim() : outcome

const upstream = { url: 'http://127.0.0.1:8188' }

describe('a request for a service that stands still', () => {
  it('starts it once, however many come, and all are let through when it is ready', async () => {
    const { ask, started, state, waking } = house()
    const all = Array.from({ length: 100 }, () => ask())
    expect([state.starts, waking.heldFor('studio')]).toEqual([1, 100])
    expect(waking.of('studio')).toMatchObject({ leftS: null })
    expect(waking.of('studio')?.since).toBeGreaterThan(0)
    started()
    expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, () => upstream))
    expect([waking.heldFor('studio'), state.reasons]).toEqual([0, ['Woken by a request of Jonas.']])
    expect(waking.of('studio')).toBeNull()
  })

  it('goes on after those that came before it, whoever looks first', async () => {
    const { ask, started, state } = house()
    const order: number[] = []
    const job = (n: number) => ask(asking({}, { rule: 'job' })).then(() => order.push(n))
    const first = [job(1), job(2), job(3)]
    await until('they have looked again', () => state.looks > 3)
    started()
    // It finds the service ready, and those before it have not been told yet.
    await Promise.all([...first, job(4)])
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('and is a job waits until its person’s sockets are joined again; nobody else’s does', async () => {
    const { ask, started, waking } = house()
    const socket = Promise.resolve(waking.rejoin(asking({ isUpgrade: true, wantsPage: false })))
    const order: string[] = []
    const own = ask(asking({}, { rule: 'job' })).then(() => order.push('own'))
    const other = ask(asking({}, { rule: 'job' }, 'maya')).then(() => order.push('other'))
    started()
    const found = await socket
    expect(found).toMatchObject(upstream)
    await other
    expect(order).toEqual(['other'])
    found?.joined()
    await own
    expect(order).toEqual(['other', 'own'])
  })

  it('is refused where it may not start it, and where the vault is locked', async () => {
    const { ask, be, state } = house()
    be({ idle: neverSleeps })
    expect(told(await ask())).toBe('503 waking.not-allowed')
    be({ idle: { ...neverSleeps, wake: true } })
    state.isOpen = false
    expect(told(await ask())).toBe('503 waking.vault-closed 60')
    expect(state.starts).toBe(0)
  })

  it('and comes from a page that was left open, is refused and starts nothing', async () => {
    const { ask, state } = house()
    expect(told(await ask(asking({ headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' } })))).toBe(
      '503 waking.asleep 30',
    )
    expect(state.starts).toBe(0)
  })

  it('is answered with the reason when the start fails, as all others are, and the next one waits a while', async () => {
    const { ask, failed, state } = house()
    const all = [ask(), ask(), ask(asking({}, { rule: 'job' }, 'maya'))]
    const admin = asking()
    const asAdmin = ask({ ...admin, guest: { ...admin.guest, role: 'admin' } })
    failed(new Problem('service.silent', { id: 'studio', url: 'http://127.0.0.1:8188' }))
    for (const outcome of await Promise.all(all)) expect(told(outcome)).toMatch(/^503 waking\.failed (9|10)$/)
    // Why is told to administrators: it may name files and addresses.
    expect(told(await asAdmin)).toMatch(/^503 waking\.failed-because (9|10)$/)
    expect(told(await ask())).toMatch(/^503 waking\.failed (9|10)$/)
    expect(state.starts).toBe(1)
  })

  it('counts a crash before it was ever ready as a start that failed', async () => {
    const { ask, crash, listens, state } = house()
    const first = ask()
    listens()
    await Promise.resolve()
    crash()
    expect(told(await first)).toMatch(/^503 waking\.failed (9|10)$/)
    expect(told(await ask())).toMatch(/^503 waking\.failed (9|10)$/)
    expect(state.starts).toBe(1)
  })

  it('lets go when its client goes away', async () => {
    const { ask, waking } = house()
    const away = new AbortController()
    const gone = ask(asking({ signal: away.signal }))
    expect(waking.heldFor('studio')).toBe(1)
    away.abort()
    await expect(gone).rejects.toThrow()
    expect(waking.heldFor('studio')).toBe(0)
  })

  it('is 503 with Retry-After when it takes too long', async () => {
    const { ask } = house({ holdMs: 30 })
    expect(told(await ask())).toMatch(/^503 waking\.late 4[78]$/)
  })

  it('of too many is refused: of one person 429, of all 503', async () => {
    const { ask, started } = house({ limits: { perPerson: 2, perService: 3 } })
    const held = [ask(), ask()]
    expect(told(await ask())).toBe('429 waking.too-many 5')
    const other = ask(asking({}, { rule: 'own' }, 'maya'))
    expect(told(await ask(asking({}, { rule: 'own' }, 'amina')))).toBe('503 waking.full 5')
    started()
    expect(await Promise.all([...held, other])).toEqual([upstream, upstream, upstream])
    expect(await ask()).toEqual(upstream)
  })
})

describe('a service that is away for a moment', () => {
  it('holds its requests while somebody restarts it, and while its secret is rotated', async () => {
    const { ask, be, health, state, waking } = house()
    be({ operation: 'restart', ...health('ready') })
    const held = ask()
    expect(waking.heldFor('studio')).toBe(1)
    state.rotating = 'held'
    be({ operation: null, ...health('ready') })
    expect(waking.heldFor('studio')).toBe(1)
    state.rotating = 'no'
    waking.wake()
    expect(await held).toEqual(upstream)
    expect(state.starts).toBe(0)
  })

  it('that is being stopped is started again for a request, when it has ended', async () => {
    const { ask, be, health, state, started } = house()
    be({ operation: 'stop', ...health('ready') })
    const held = ask()
    expect(state.starts).toBe(0)
    be({ operation: null, ...health('stopped') })
    await Promise.resolve()
    await Promise.resolve()
    expect(state.starts).toBe(1)
    started()
    expect(await held).toEqual(upstream)
  })

  it('and refuses its credential is not asked', async () => {
    const { ask, be, health } = house()
    be(health('locked-out'))
    expect(told(await ask())).toBe('503 waking.locked-out 60')
  })
})

describe('a socket whose service has gone', () => {
  it('waits for it without waking it, and is joined when it is there again', async () => {
    const { waking, be, health, state } = house()
    const joined = waking.rejoin(asking({ isUpgrade: true }))
    be(health('stopped'))
    expect(state.starts).toBe(0)
    be(health('ready'))
    expect(await joined).toMatchObject(upstream)
  })

  it('is closed where the program has crashed with its jobs', async () => {
    const { waking, crash } = house()
    crash()
    expect(await waking.rejoin(asking({ isUpgrade: true }))).toBeNull()
  })
})

describe('a browser', () => {
  const page = (language = 'en') =>
    asking({ wantsPage: true, headers: { host: 'studio.lan:9188', 'accept-language': language } })
  const shown = async (outcome: Promise<Upstream | Refused | OwnAnswer>) => {
    const answer = await outcome
    if (!('own' in answer)) throw new Error('no page')
    return { ...answer.own, body: String(answer.own.body) }
  }

  it('gets a page that goes on by itself, with a script or without, and wakes the service', async () => {
    const { ask, state } = house()
    const { status, headers, body } = await shown(ask(page()))
    expect([status, headers['retry-after'], state.starts]).toEqual([503, '2', 1])
    expect(body).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>')
    expect(body).toContain('studio is starting')
    expect(body).toContain('About 48 s left')
    expect(body).toContain('<title>48 s: studio</title>')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  it('runs one script of the gateway’s own alone, which may ask its own listener alone', async () => {
    const { ask } = house()
    const { headers, body } = await shown(ask(page()))
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(String(headers['content-security-policy'])) ?? []
    expect(nonce).toMatch(/^[\w+/]{22}==$/)
    expect(body.match(/<script[^>]*>/g)).toEqual([`<script nonce="${nonce}">`])
    expect(body).not.toMatch(/\son\w+=/)
    expect(headers['content-security-policy']).toContain("connect-src 'self'")
    // What people and services are called stands in no script.
    expect(/<script[^>]*>([^]*)<\/script>/.exec(body)?.[1]).not.toContain('studio')
  })

  it('whose page asks once more gets the newer page, and then a word that it is there, never the service’s own', async () => {
    const { ask, be, health } = house()
    const again = () => {
      const { asked, ...rest } = page()
      return ask({ ...rest, asked: { ...asked, headers: { ...asked.headers, 'x-regie-waking': 'page' } } })
    }
    const first = await shown(again())
    expect([first.headers['x-regie-waking'], first.body.includes('studio is starting')]).toEqual(['coming', true])
    be({ ...health('ready'), operation: null })
    const last = await shown(again())
    expect([last.status, last.headers['x-regie-waking'], last.body]).toEqual([200, undefined, ''])
  })

  it('is told in its language why it does not start, and does not ask again by itself', async () => {
    const { ask, be } = house()
    be({ idle: neverSleeps })
    const { body } = await shown(ask(page('fr')))
    expect(body).toContain('une requête ne peut pas le démarrer')
    expect(body).toContain('Réessayer')
    expect(body).not.toContain('http-equiv="refresh"')
    expect(body).not.toContain('<script')
  })

  const fitting = (freeMiB: number, expectedMiB = 20_480): Partial<WakingOptions> => ({
    fit: () =>
      Promise.resolve(
        fitOf({
          ...{ id: 'studio', expectedMiB, from: 'golden' },
          gpu: {
            ...{ name: 'RTX 3090', memoryFreeMiB: freeMiB, memoryTotalMiB: 24_576 },
            holders: [
              {
                kind: 'service',
                id: 'secret-forge',
                mib: 16_384,
                contextMiB: null,
                from: 'process',
                pids: [7],
                names: [],
              },
            ],
          },
        }),
      ),
  })

  it('is told that the model fits once others are unloaded, and not which these are', async () => {
    const { ask, waking } = house(fitting(8_192))
    const { body } = await shown(ask(page()))
    expect(body).toContain('studio needs about 20 GiB, 8 are free on RTX 3090: it fits once others have been unloaded.')
    expect(body).toContain('take turns on a card are unloaded automatically')
    expect(body).not.toContain('secret-forge')
    const told = waking.of('studio')
    expect(told?.fit).toMatchObject({ problem: 'memory.fits-after-others', params: { free: 8, needs: 20 } })
    expect(JSON.stringify(told)).not.toContain('secret-forge')
  })

  it('is told in its language that the model is too large for the card, as who reads how long it takes is', async () => {
    const { ask, waking, started } = house(fitting(1_024, 40_960))
    const { body } = await shown(ask(page('fr')))
    expect(body).toContain('il manque 39 Gio')
    expect(waking.of('studio')?.fit).toMatchObject({ problem: 'memory.too-large' })
    started()
    expect(waking.of('studio')).toBeNull()
  })

  it('is told nothing of it where the model fits, where that is not known, and where it cannot be learnt', async () => {
    const bugs: unknown[] = []
    const failing = { fit: () => Promise.reject(new Error('gone')), reportBug: (error: unknown) => bugs.push(error) }
    for (const options of [fitting(24_000), {}, failing]) {
      const { ask, waking } = house(options)
      const { body, status } = await shown(ask(page()))
      expect([status, body.includes('GiB'), waking.of('studio')?.fit]).toEqual([503, false, undefined])
    }
    expect(bugs).not.toEqual([])
  })

  it('that waits for requests alone is told of it too', async () => {
    const { ask, waking, started } = house(fitting(1_024, 40_960))
    const held = ask()
    await until('its card was looked at', () => waking.of('studio')?.fit !== undefined)
    started()
    expect(await held).toEqual(upstream)
  })

  it('is let through when the service is ready', async () => {
    const { ask, be, health } = house()
    be(health('ready'))
    expect(await ask(page())).toEqual(upstream)
  })
})

describe('what keeps a service awake', () => {
  const page = (account: string) =>
    asking({ wantsPage: true, headers: { accept: 'text/html' } }, { rule: 'everybody' }, account)
  const post = (path: string, rule: 'own' | 'everybody' | 'job') => asking({ method: 'POST', path }, { rule })

  it('is a job, an upload, and a page once for each person until somebody works', () => {
    const used: string[] = []
    const { waking, listens, ask } = house({
      work: () => {
        used.push('work')
        return () => {}
      },
      reading: () => {
        used.push('reading')
        return () => {}
      },
    })
    const take = (...all: Admitted[]) => {
      used.length = 0
      for (const one of all) waking.lease(one).end()
      return used.join(' ')
    }
    expect(take(page('jonas'), page('jonas'), page('maya'), page('maya'))).toBe('work work')
    // What is asked again and again is none, whatever way it is asked; it is not cut off either.
    expect(take(post('/internal/progress', 'own'), post('/sdapi/v1/png-info', 'everybody'))).toBe('reading reading')
    expect(take(asking(), asking({ isUpgrade: true }))).toBe('reading')
    expect(take(page('jonas'))).toBe('')
    expect(take(post('/upload/image', 'own'), page('jonas'), post('/prompt', 'job'), page('jonas'))).toBe(
      'work work work work',
    )
    expect(take(page('jonas'))).toBe('')
    void ask(page('jonas'))
    listens()
    return until('its start to count', () => take(page('jonas')) === 'work')
  })
})

describe('a person who no longer waits', () => {
  const page = (account = 'jonas') =>
    asking({ wantsPage: true, headers: { accept: 'text/html' } }, { rule: 'everybody' }, account)
  const jonas = { account: 'jonas', name: 'Jonas' }
  const starting = async (parts: Partial<ReturnType<typeof house>['state']> = {}) => {
    const here = house()
    await here.ask(page())
    // It has come so far that it listens: its start is over, and it is not ready.
    here.listens()
    await Promise.resolve()
    Object.assign(here.state, parts)
    return here
  }

  it('has the service stopped again that nobody else waits for, with the words', async () => {
    const { waking, state } = await starting()
    await until('its start to have ended', () => waking.cancel('studio', jonas) && state.stops === 1)
    expect(state.reasons.at(-1)).toBe('Jonas no longer waits for it, and nobody else did.')
  })

  it('waits before the next start where that goes on, longer each time, and nobody else does', async () => {
    let now = Date.now()
    const { waking, state, ask, be, health, listens } = house({ now: () => now })
    const again = async () => {
      const before = state.starts
      const answer = ask(page())
      if (state.starts > before) {
        await answer
        listens()
        await new Promise(setImmediate)
        await until('it to be stopped', () => waking.cancel('studio', jonas))
        be(health('stopped'))
      }
      const told = await answer
      return state.starts > before || !('own' in told) ? null : String(told.own.body)
    }
    expect([await again(), await again()]).toEqual([null, null])
    expect(await again()).toContain('starts for you again in 15 s')
    const job = await ask(asking({}, { rule: 'job' }))
    expect(job).toMatchObject({ refused: { id: 'waking.in-vain' }, status: 503, retryAfterS: 15 })
    now += 15_000
    expect(await again()).toBeNull()
    expect(await again()).toContain('in 30 s')
    const starts = state.starts
    await ask(page('maya'))
    expect(state.starts).toBe(starts + 1)
    listens()
    await new Promise(setImmediate)
    await until('it to be stopped', () => waking.cancel('studio', { account: 'maya', name: 'Maya' }))
    be(health('stopped'))
    now += 31 * 60_000
    expect(await again()).toBeNull()
  })

  it('has its start cut short, which is no failure: whoever comes next starts it anew', async () => {
    const { waking, state, ask } = house()
    await ask(page())
    expect([waking.cancel('studio', jonas), state.stops, state.starts]).toEqual([true, 1, 1])
    await new Promise(setImmediate)
    expect(state.stops).toBe(1)
    const answer = await ask(page('maya'))
    expect('own' in answer && String(answer.own.body)).toContain('studio is starting')
    expect(state.starts).toBe(2)
  })

  it('while it cannot be stopped yet, has it stopped as soon as it can; not if somebody comes until then', async () => {
    for (const comes of [false, true]) {
      const { waking, state, ask, listens } = house()
      await ask(page())
      state.stopFails = new Problem('service.busy', { id: 'studio', operation: 'start' })
      expect(waking.cancel('studio', jonas)).toBe(true)
      expect(state.stops).toBe(0)
      state.stopFails = null
      if (comes) await ask(page('maya'))
      listens()
      await new Promise(setImmediate)
      expect(state.stops).toBe(comes ? 0 : 1)
    }
  })

  it.each([
    ['somebody works with it, or a job waits', { isUsed: true }],
    ['its secret is being rotated', { rotating: 'draining' as const }],
  ])('leaves it alone while %s', async (_, change) => {
    const { waking, state } = await starting(change)
    expect([waking.cancel('studio', jonas), state.stops]).toEqual([false, 0])
  })

  it('leaves it alone while a page or a request of somebody else waits, in its hours, and once it is ready', async () => {
    const other = await starting()
    await other.ask(page('maya'))
    expect(other.waking.cancel('studio', jonas)).toBe(false)
    const held = await starting()
    void held.ask(asking({}, { rule: 'job' }, 'maya'))
    expect(held.waking.cancel('studio', jonas)).toBe(false)
    const hours = await starting()
    const always = { windows: [{ from: '00:00', to: '00:00', days: [1, 2, 3, 4, 5, 6, 7] }], start: false }
    hours.be({ idle: { ...neverSleeps, wake: true, schedule: always } })
    expect(hours.waking.cancel('studio', jonas)).toBe(false)
    const ready = await starting()
    ready.be(ready.health('ready'))
    expect(ready.waking.cancel('studio', jonas)).toBe(false)
    expect([other, held, hours, ready].map(({ state }) => state.stops)).toEqual([0, 0, 0, 0])
  })

  it('leaves alone what no request has started', () => {
    const { waking, state, be, health } = house()
    be({ operation: null, ...health('starting') })
    expect([waking.cancel('studio', jonas), state.stops]).toEqual([false, 0])
  })
})

describe('the page', () => {
  const page = (account = 'jonas', language = 'en') =>
    asking(
      { wantsPage: true, headers: { accept: 'text/html', 'accept-language': language } },
      { rule: 'everybody' },
      account,
    )
  const bodyOf = (answer: Upstream | Refused | OwnAnswer) => ('own' in answer ? String(answer.own.body) : '')

  it('says which in line somebody is once others wait, what has the card, its hours, and how to leave', async () => {
    const { ask, be, health } = house()
    const first = bodyOf(await ask(page('maya')))
    expect(first).not.toContain('in line')
    expect(first).toContain('<form method="post" action="/_regie/waking">')
    void ask(asking({}, { rule: 'job' }, 'maya'))
    const waits = { problem: 'vram.waits', params: { id: 'studio', other: 'forge' } }
    const always = { windows: [{ from: '00:00', to: '00:01', days: [1] }], start: false }
    be({ health: { ...health('starting').health, ...waits }, idle: { ...neverSleeps, wake: true, schedule: always } })
    const second = bodyOf(await ask(page()))
    expect(second).toContain('You are 2nd in line')
    expect(second).toContain('1 job is ahead of yours')
    expect(second).toContain('studio waits for forge, which starts on the same GPU.')
    expect(second).toMatch(/Its hours (begin|last until)/)
    expect(bodyOf(await ask(page('jonas', 'fr')))).toMatch(/le 2e[\s\S]*Ses heures (commencent|durent)[\s\S]*Annuler/)
  })
})
