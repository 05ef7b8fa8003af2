import { createHmac } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAlerts, type AlertsPart } from '../../../electron/alerts'
import type { Wire } from '../../../electron/alerts/channels/wire'
import { problemWithoutPlaces } from '../../../electron/api/without-places'
import { createListeners } from '../../../electron/async/listeners'
import { told } from '../../../electron/attention/items'
import type { AlertTarget, Attention, AttentionItem, PanelEvent } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { certified, httpServer, smtpServer, twoClocks } from '../../support/alerts'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

/** Noon of a day, local time. */
const noon = new Date(2026, 10, 27, 12).getTime()
const secret = 'a-secret-of-a-channel'

const lockedOut = (id: string): AttentionItem =>
  told({
    ...{ id: `service ${id}`, kind: 'service-locked-out', subject: id, leadsTo: { page: 'services', id } },
    reason: reason('backend.unreachable', { url: 'http://10.1.2.3:8188', detail: 'ECONNREFUSED' }),
  })
const due = (id: string): AttentionItem =>
  told({ id: `due ${id}`, kind: 'rotation-due', subject: id, leadsTo: { page: 'credentials', id } })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let clock: ReturnType<typeof twoClocks>
let vault: { isOpen: boolean; secrets: Map<string, string> }
let looks: ReturnType<typeof createListeners<[Attention]>>
let bus: ReturnType<typeof createListeners<[PanelEvent]>>
let audited: string[]
let shownAlerts: number[]
let bugs: unknown[]
let alerts: AlertsPart

async function open(wire: Wire = {}) {
  alerts = await openAlerts({
    settingsFile: path.join(folder.path, 'alerts.json'),
    stateFile: path.join(folder.path, 'alerts-state.json'),
    audit: { appendFirst: ({ action }) => (audited.push(action), Promise.resolve()) },
    credentials: {
      create: ({ id, token }) => Promise.resolve(vault.secrets.set(id, token ?? 'drawn-secret')),
      remove: (id) => (vault.secrets.delete(id), Promise.resolve({ id })),
      async withSecret(id, use) {
        if (!vault.isOpen) throw new Problem('vault.locked')
        return use({ username: null, password: null, token: vault.secrets.get(id) ?? null })
      },
    },
    onLook: looks.on,
    lookAgain: () => undefined,
    publish: (event) => void (event.type === 'alert-told' && shownAlerts.push(event.alerts.length)),
    listen: bus.on,
    hasDesktop: true,
    withoutPlaces: problemWithoutPlaces,
    redact: (text) => text.replaceAll('known-secret', '…'),
    reportBug: (error) => bugs.push(error),
    clock,
    wire: { deliveryMs: 400, ...wire },
  })
  alerts.begin()
}

beforeEach(async () => {
  folder = await temporaryFolder()
  clock = twoClocks(noon)
  vault = { isOpen: true, secrets: new Map() }
  looks = createListeners()
  bus = createListeners()
  ;[audited, shownAlerts, bugs] = [[], [], []]
  await open()
})
afterEach(async () => {
  await alerts.close()
  await folder[Symbol.asyncDispose]()
  expect(bugs).toEqual([])
})

const seen = (...found: AttentionItem[]) => {
  const items = found.map((item) => ({ ...item, group: 'decide' as const, seenAt: 0 }))
  looks.tell({
    items,
    snoozed: [],
    services: null,
    credentials: null,
    gpus: null,
    unknown: { kinds: [], services: [] },
  })
}
const usual = { on: true, quiet: false, least: 'info', language: 'en' } as const
const addWebhook = (url: string, more: object = {}) =>
  alerts.addChannel(
    { ...usual, name: 'Hook', target: { kind: 'webhook', url, isPrivate: false }, secret, ...more },
    'ann',
  )
const channelNow = (id: string) => alerts.read().channels.find((one) => one.id === id)
/** Nothing is on its way in any channel: what is due later hangs on the clock alone. */
const settled = () => until('that all was taken', () => alerts.read().channels.every(({ waiting }) => waiting === 0))
const failingOf = (id: string) => channelNow(id)?.failing ?? null
/** So long is waited for more to tell. */
const gather = () => clock.pass(5_000)
const files = async () =>
  (
    await Promise.all(
      ['alerts.json', 'alerts-state.json'].map((name) =>
        readFile(path.join(folder.path, name), 'utf8').catch(() => ''),
      ),
    )
  ).join()

describe('a webhook', () => {
  it('is told once, signed, and once more when it is over, without addresses', async () => {
    await using hook = await httpServer()
    await addWebhook(`${hook.url}/in`)
    seen(lockedOut('a'))
    seen(lockedOut('a'))
    gather()
    const [first] = await until('the alert', () => (hook.taken.length > 0 ? hook.taken : null))
    if (!first) throw new Error('none')
    const { headers, body } = first
    const signed = `${String(headers['regie-timestamp'])}.${body}`
    expect(headers['regie-signature']).toBe(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`)
    expect(JSON.parse(body)).toMatchObject({ version: 1, test: false, alerts: [{ phase: 'firing', subject: 'a' }] })
    expect(body).not.toMatch(/10\.1\.2\.3|a-secret/)
    await settled()
    clock.pass(61_000)
    seen()
    clock.pass(60_000)
    await until('its end', () => hook.taken.length === 2)
    expect(hook.taken[1]?.body).toContain('Over –')
    expect(await files()).not.toContain(secret)
    await until(
      'the note of both',
      () => alerts.read().history[0]?.deliveries.filter(({ channelId }) => channelId !== 'desktop').length === 2,
    )
  })

  it('gets a storm of 200 as one message', async () => {
    await using hook = await httpServer()
    await addWebhook(hook.url)
    seen(...Array.from({ length: 200 }, (_, n) => lockedOut(`s${n}`)))
    gather()
    await until('the storm', () => hook.taken.length > 0)
    expect(JSON.parse(hook.taken[0]?.body ?? '')).toMatchObject({ title: 'Regie: 200 alerts', more: 185 })
    await until('that it was taken', () => channelNow(alerts.read().channels[1]?.id ?? '')?.waiting === 0)
    clock.pass(3600_000)
    expect(hook.taken).toHaveLength(1)
    expect(shownAlerts).toEqual([15])
  })

  it('that fails in every way is tried again with the same message, until it takes it', async () => {
    await using hook = await httpServer()
    await using other = await httpServer()
    const { id } = await addWebhook(hook.url)
    const ways: [string, (typeof hook.does)['answer']][] = [
      ['alerts.refused', (response) => void response.writeHead(500).end('boom')],
      ['alerts.unreachable', (response) => void response.destroy()],
      ['alerts.silent', () => undefined],
      ['alerts.redirected', (response) => void response.writeHead(307, { location: other.url }).end()],
      ['alerts.refused', (response) => void response.writeHead(403, { 'content-length': '99999999' }).end('x')],
    ]
    seen(lockedOut('a'))
    clock.pass(5_000)
    for (const [tries, [problem, answer]] of ways.entries()) {
      // The first was answered by 204 unless it is told otherwise before.
      hook.does.answer = answer
      if (tries > 0) clock.pass(30 * 60_000)
      const failing = await until(problem, () => (failingOf(id)?.tries === tries + 1 ? failingOf(id) : null))
      expect(failing.reason.problem).toBe(problem)
    }
    hook.does.answer = (response) => void response.writeHead(200, { 'content-length': '99999999' }).write('never ends')
    clock.pass(3600_000)
    await until('that it was taken', () => channelNow(id)?.sent !== null && failingOf(id) === null)
    expect(new Set(hook.taken.map(({ headers }) => headers['regie-message'])).size).toBe(1)
    expect(other.taken).toEqual([])
    expect(alerts.read().history[0]?.deliveries).toContainEqual(
      expect.objectContaining({ channelId: id, state: 'sent', tries: 6 }),
    )
  })

  it('that says when to come again is asked then, and not before', async () => {
    await using hook = await httpServer()
    hook.does.answer = (response) => void response.writeHead(429, { 'retry-after': '600' }).end()
    const { id } = await addWebhook(hook.url)
    seen(lockedOut('a'))
    gather()
    await until('the refusal', () => failingOf(id))
    expect(failingOf(id)?.nextAt).toBe(clock.now() + 600_000)
    clock.pass(300_000)
    expect(hook.taken).toHaveLength(1)
  })
})

describe('a restart', () => {
  it('in the middle of sending neither loses nor repeats', async () => {
    await using hook = await httpServer()
    hook.does.answer = () => undefined
    const { id } = await addWebhook(hook.url)
    seen(lockedOut('a'))
    gather()
    await until('the first try', () => hook.taken.length > 0)
    await alerts.close()
    hook.does.answer = (response) => void response.writeHead(204).end()
    await open()
    await until('the second try', () => channelNow(id)?.sent)
    expect(hook.taken.map(({ headers }) => headers['regie-message'])).toEqual(
      Array(2).fill(hook.taken[0]?.headers['regie-message']),
    )
    await alerts.close()
    await open()
    seen(lockedOut('a'))
    clock.pass(3600_000)
    expect(channelNow(id)?.waiting).toBe(0)
    expect(hook.taken).toHaveLength(2)
    await settled()
    seen()
    clock.pass(5_000)
    await until('its end', () => hook.taken.length === 3)
  })

  it('with files that cannot be read keeps them, says so, and begins anew', async () => {
    await addWebhook('https://hooks.example.org/in')
    await alerts.close()
    await writeFile(path.join(folder.path, 'alerts.json'), '{"version":1,"rules":')
    await open()
    expect(alerts.notices()).toMatchObject([{ problem: 'alerts.unreadable' }])
    expect(alerts.read().channels.map(({ id }) => id)).toEqual(['desktop'])
  })

  it('after which the clock stands years away sends what waits', async () => {
    await using hook = await httpServer()
    hook.does.answer = (response) => void response.writeHead(500).end()
    const { id } = await addWebhook(hook.url)
    seen(lockedOut('a'))
    gather()
    await until('the refusal', () => failingOf(id))
    await alerts.close()
    hook.does.answer = (response) => void response.writeHead(204).end()
    clock.jump(-3 * 365 * 24 * 3600_000)
    await open()
    await until('that it was taken', () => channelNow(id)?.waiting === 0)
  })
})

describe('what is not told', () => {
  it('is muted: nothing of its beginning and end, but what still lasts when the mute ends', async () => {
    await using hook = await httpServer()
    await addWebhook(hook.url)
    await alerts.mute({ scope: { what: 'subject', subject: 'a' }, minutes: 60 }, 'ann')
    seen(lockedOut('a'), lockedOut('b'))
    gather()
    await until('the other', () => hook.taken.length > 0)
    expect(hook.taken[0]?.body).not.toContain('"a"')
    expect(alerts.read().firing.find(({ subject }) => subject === 'a')?.muted).toBe(true)
    await settled()
    clock.pass(61 * 60_000)
    clock.pass(5_000)
    await until('the mute’s end', () => hook.taken.length > 1)
    expect(hook.taken[1]?.body).toContain('"a"')
  })

  it('waits for the end of quiet hours, unless it is critical', async () => {
    await using hook = await httpServer()
    const { id } = await addWebhook(hook.url, { quiet: true })
    await alerts.setQuietHours({ from: '11:00', to: '13:00', days: [1, 2, 3, 4, 5, 6, 7] }, 'ann')
    seen(due('k'), lockedOut('a'))
    gather()
    await until('the critical one', () => hook.taken.length > 0)
    expect(hook.taken[0]?.body).not.toContain('"k"')
    await until('that it was taken', () => channelNow(id)?.waiting === 1)
    expect(alerts.read().firing.find(({ subject }) => subject === 'k')?.deliveries).toContainEqual(
      expect.objectContaining({ channelId: id, state: 'held' }),
    )
    for (let minutes = 0; minutes < 61; minutes++) clock.pass(60_000)
    await until('the rest', () => hook.taken.length > 1)
    expect(hook.taken[1]?.body).toContain('"k"')
  })

  it('weighs less than a channel wants, or goes to others', async () => {
    await using hook = await httpServer()
    const { id } = await addWebhook(hook.url, { least: 'critical' })
    await alerts.changeRule('locked-out', { channels: ['desktop'] }, 'ann')
    seen(due('k'), lockedOut('a'))
    expect(channelNow(id)?.waiting).toBe(0)
    expect(channelNow('desktop')?.waiting).toBe(2)
  })
})

describe('a secret', () => {
  it('is waited for while the vault is closed, and the message goes when it opens', async () => {
    await using hook = await httpServer()
    const { id } = await addWebhook(hook.url)
    vault.isOpen = false
    seen(lockedOut('a'))
    gather()
    expect(await until('the refusal', () => failingOf(id))).toMatchObject({ reason: { problem: 'vault.locked' } })
    vault.isOpen = true
    bus.tell({ type: 'vault', vault: { state: 'open', keeper: 'passphrase' } })
    await until('the message', () => hook.taken.length > 0)
  })

  it('is asked for again where a channel leads elsewhere', async () => {
    const { id } = await addWebhook('https://hooks.example.org/in')
    const target = { kind: 'webhook', url: 'https://elsewhere.example.org/in', isPrivate: false } as const
    await expect(alerts.changeChannel({ id, target }, 'ann')).rejects.toMatchObject({ id: 'alerts.secret-needed' })
    expect(channelNow(id)?.target).toMatchObject({ url: 'https://hooks.example.org/in' })
    await alerts.changeChannel({ id, target, secret: 'another' }, 'ann')
    expect([...vault.secrets.values()]).toEqual(['another'])
    await alerts.removeChannel(id, 'ann')
    expect([...vault.secrets]).toEqual([])
    expect(audited).toEqual(['alerts.channel-added', 'alerts.channel-changed', 'alerts.channel-removed'])
  })

  it('that stands in a name after all is taken out of what is sent', async () => {
    await using hook = await httpServer()
    await addWebhook(hook.url)
    seen({ ...due('known-secret'), subject: 'known-secret' })
    gather()
    await until('the alert', () => hook.taken.length > 0)
    expect((JSON.parse(hook.taken[0]?.body ?? '{}') as { text: string }).text).toContain('…')
  })
})

describe('an address', () => {
  it.each([
    ['http://hooks.example.org/in', 'alerts.unencrypted'],
    ['https://ann:pw@hooks.example.org/in', 'alerts.address'],
    ['ftp://hooks.example.org/in', 'alerts.address'],
    ['file:///etc/passwd', 'alerts.address'],
    ['hooks', 'alerts.address'],
  ])('%s is refused (%s)', async (url, problem) => {
    await expect(addWebhook(url)).rejects.toMatchObject({ id: problem })
    expect(vault.secrets.size).toBe(0)
  })

  it('that is said to be private, and is not, is sent nothing', async () => {
    await alerts.close()
    const lookup: NonNullable<Wire['lookup']> = (_, __, answer) => answer(null, [{ address: '203.0.113.7', family: 4 }])
    await open({ lookup })
    const target = { kind: 'webhook', url: 'http://hooks.lan/in', isPrivate: true } as const
    const { id } = await alerts.addChannel({ ...usual, name: 'Hook', target }, 'ann')
    await expect(alerts.testChannel(id)).rejects.toMatchObject({ id: 'alerts.not-private' })
  })

  it.each([
    'https://evil.example.org/api/webhooks/1/x',
    'https://discord.com.evil.org/api/webhooks/1/x',
    'https://discord.com/other',
  ])('%s is none of Discord’s, and the refusal does not quote it', async (address) => {
    const adding = alerts.addChannel({ ...usual, name: 'D', target: { kind: 'discord' }, secret: address }, 'ann')
    const refused = await adding.catch((error: unknown) => error)
    expect(refused).toMatchObject({ id: 'alerts.address-foreign' })
    expect(JSON.stringify(refused) + String(refused)).not.toContain('webhooks/1')
  })
})

it('a token that no header takes is refused before it is kept', async () => {
  const target = { kind: 'ntfy', server: 'https://ntfy.example.org', topic: 'regie', isPrivate: false } as const
  for (const given of ['tk_é', 'tk 1'])
    await expect(alerts.addChannel({ ...usual, name: 'N', target, secret: given }, 'ann')).rejects.toMatchObject({
      id: 'credential.not-ascii',
    })
  expect(vault.secrets.size).toBe(0)
})

it('what one person can raise again and again drives no alert of another rule out of the history', async () => {
  const keyEnding = (id: number) =>
    told({ id: `key ${id}`, kind: 'key-ending', subject: 'maya', leadsTo: { page: 'people', id: 'maya' } })
  clock.pass(60_000)
  seen(lockedOut('forge'))
  seen()
  for (let round = 0; round < 4; round += 1) {
    seen(...Array.from({ length: 100 }, (_, at) => keyEnding(round * 100 + at)))
    seen()
    clock.pass(60_000)
    await settled()
  }
  const { history } = alerts.read()
  expect(history.filter(({ rule }) => rule === 'locked-out')).toHaveLength(1)
  expect(history.length).toBeLessThan(210)
})

describe('services for chat', () => {
  it('get a message that calls nobody and makes no link, over a certificate that is verified', async () => {
    const names = ['discord.com', 'hooks.slack.com', 'ntfy.example.org']
    const { ca, ...tls } = await certified(...names)
    await using server = await httpServer(tls)
    const lookup: NonNullable<Wire['lookup']> = (_, { all }, answer) =>
      all === true ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4)
    await alerts.close()
    await open({ lookup, ca, httpsPort: server.port })
    const add = (target: Parameters<AlertsPart['addChannel']>[0]['target'], given: string) =>
      alerts.addChannel({ ...usual, name: 'C', target, secret: given }, 'ann')
    const discord = await add({ kind: 'discord' }, 'https://discord.com/api/webhooks/1/token')
    const slack = await add({ kind: 'slack' }, 'https://hooks.slack.com/services/T/B/x')
    const ntfy = await add(
      { kind: 'ntfy', server: 'https://ntfy.example.org', topic: 'regie', isPrivate: false },
      'tk_1',
    )
    seen(due('<!channel>@everyone [free](<e>) \u202e**x**\u200b'))
    gather()
    await until('all three', () => server.taken.length === 3)
    const sent = (start: string) => server.taken.find((one) => one.path.startsWith(start))
    expect(JSON.parse(sent('/api/webhooks')?.body ?? '')).toMatchObject({ allowed_mentions: { parse: [] } })
    expect(sent('/api/webhooks')?.body).toContain(JSON.stringify(String.raw`\[free\]\(\<e\>\) \*\*x\*\*`).slice(1, -1))
    expect(sent('/services')?.body).toContain('&lt;!channel&gt;')
    expect(JSON.parse(sent('/services')?.body ?? '')).toMatchObject({ mrkdwn: false })
    for (const { body } of server.taken) expect(body).not.toMatch(/[\u202e\u200b]|\\u20/u)
    const plain = server.taken.find((one) => one.path === '/')
    expect(plain?.headers.authorization).toBe('Bearer tk_1')
    expect(JSON.parse(plain?.body ?? '')).toMatchObject({ topic: 'regie', priority: 2 })
    await alerts.close()
    await open({ lookup, httpsPort: server.port })
    for (const { id } of [discord, slack, ntfy])
      await expect(alerts.testChannel(id)).rejects.toMatchObject({ id: 'alerts.untrusted' })
    expect(await files()).not.toMatch(/webhooks\/1|services\/T|tk_1/)
  })
})

describe('e-mail', () => {
  type Mail = Extract<AlertTarget, { kind: 'email' }>
  const mail = (port: number, more: Partial<Mail> = {}): Mail => ({
    ...{ kind: 'email', host: 'localhost', port, security: 'starttls', username: 'ann' },
    ...{ from: 'regie@example.org', to: ['ann@example.org'], isPrivate: false },
    ...more,
  })
  const addMail = (target: Mail) => alerts.addChannel({ ...usual, name: 'Mail', target, secret }, 'ann')

  it('goes through STARTTLS with the password of the vault, once', async () => {
    const { ca, ...tls } = await certified('localhost')
    await using server = await smtpServer({ tls, password: secret })
    await alerts.close()
    await open({ ca, deliveryMs: 10_000 })
    await addMail(mail(server.port))
    seen(lockedOut('a'))
    gather()
    await until('the message', () => server.messages.length === 1)
    expect(server.messages[0]).toMatch(/Auto-Submitted: auto-generated/)
    expect(server.messages[0]).not.toContain('10.1.2.3')
  })

  it('is not sent, nor the password, where nothing is encrypted or the certificate is not trusted', async () => {
    const tls = await certified('localhost')
    await using plain = await smtpServer({ password: secret })
    await using untrusted = await smtpServer({ tls, password: secret })
    await alerts.close()
    await open({ deliveryMs: 10_000 })
    const first = await addMail(mail(plain.port))
    await expect(alerts.testChannel(first.id)).rejects.toMatchObject({ id: 'alerts.mail-refused' })
    const second = await addMail(mail(untrusted.port))
    await expect(alerts.testChannel(second.id)).rejects.toMatchObject({ id: 'alerts.untrusted' })
    expect(
      [...plain.lines, ...untrusted.lines].some((line) => line.startsWith('AUTH') || line.startsWith('MAIL')),
    ).toBe(false)
    expect(plain.messages).toEqual([])
    await expect(addMail(mail(25, { host: 'mail.example.org', security: 'none' }))).rejects.toMatchObject({
      id: 'alerts.unencrypted',
    })
  })

  it('that is refused, cut or left hanging is tried again, and quotes no password', async () => {
    await using server = await smtpServer({ password: 'another' })
    const { id } = await addMail(mail(server.port, { security: 'none' }))
    const wrong: unknown = await alerts.testChannel(id).catch((error: unknown) => error)
    expect(wrong).toMatchObject({ id: 'alerts.mail-refused' })
    expect(JSON.stringify(wrong)).not.toContain(secret)
    const { id: open25 } = await addMail(mail(server.port, { security: 'none', username: null }))
    const moods = [
      ['hangs', 'alerts.silent'],
      ['cuts', 'alerts.unreachable'],
      ['busy', 'alerts.mail-refused'],
      ['refuses-recipient', 'alerts.mail-refused'],
    ] as const
    for (const [mood, problem] of moods) {
      server.does.mood = mood
      await expect(alerts.testChannel(open25)).rejects.toMatchObject({ id: problem })
    }
    server.does.mood = 'takes'
    await alerts.testChannel(open25)
    expect(server.messages).toHaveLength(1)
  })
})

describe('the heartbeat', () => {
  it('asks its address while it is known what needs attention, and tells when nobody answers', async () => {
    await using server = await httpServer()
    seen()
    await alerts.setHeartbeat({ on: true, everyMin: 2, address: `${server.url}/ping/secret-id` }, 'ann')
    clock.pass(0)
    await until('the first', () => server.taken.length === 1)
    expect(server.taken[0]).toMatchObject({ path: '/ping/secret-id', body: '' })
    expect(JSON.stringify(alerts.read()) + (await files())).not.toContain('secret-id')
    await until('that it was heard', () => alerts.read().heartbeat.sent)
    server.does.answer = (response) => void response.writeHead(500).end()
    for (let tries = 1; tries <= 3; tries++) {
      seen()
      clock.pass(2 * 60_000)
      await until('a failure', () => alerts.read().heartbeat.failing?.tries === tries)
    }
    expect(alerts.failing()).toMatchObject([{ id: 'heartbeat', tries: 3 }])
    const asked = server.taken.length
    clock.pass(60 * 60_000)
    clock.pass(60 * 60_000)
    // Nobody has looked at what needs attention for an hour.
    expect(server.taken.length).toBe(asked)
  })
})
