import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { createDiscovery } from '../../../electron/discovery'
import { cutToken, places, secrets, stateOf } from '../../support/deployment'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { everythingIn, openTestVault, problemOf } from '../vault/support'
import { asProposed, byScheme, deployed, placeIn, proposalIn, registry } from './support'

const problemsOf = ({ reasons }: { reasons: { problem: string }[] }) => reasons.map(({ problem }) => problem)

describe('finding the sinks of a deployment', () => {
  it('puts together what is one credential, says what differs, and asks the live service which value is right', async () => {
    await using at = await deployed()
    const found = await at.scan()

    const comfyui = byScheme(found, 'comfyui-login')
    expect(comfyui).toMatchObject({ suggestedId: 'comfyui-qwen', suggested: true, state: 'differ', sourceWhy: 'live' })
    expect(comfyui.places.map(({ shown, key, field, holds }) => [shown, key, field, holds])).toEqual(
      expect.arrayContaining([
        [places.root, 'COMFYUI_API_TOKEN', 'token', 'hash'],
        [places.root, 'COMFYUI_RAW_TOKEN', 'password', 'value'],
        [places.token, null, 'token', 'hash'],
        [places.conf, '/bcrypt_hash', 'token', 'hash'],
        [places.conf, '/raw_token', 'password', 'value'],
        [places.old, 'COMFYUI_BEARER_TOKEN', 'token', 'hash'],
        [places.qwenEnv, 'COMFYUI_API_TOKEN', 'token', 'hash'],
        [places.qwenEnv, 'COMFYUI_BEARER_TOKEN', 'token', 'cut-hash'],
        [places.qwenEnv, 'QWEN_API_USER_TOKEN', 'token', 'cut-hash'],
        [places.qwenEnv, 'COMFYUI_PASSWORD', 'password', 'value'],
        [places.qwenEnv, 'COMFYUI_USERNAME', 'username', 'value'],
        [places.login, null, 'token', 'hash'],
        [places.notebooks, 'COMFYUI_API_TOKEN', 'token', 'hash'],
      ]),
    )
    expect(comfyui.places).toHaveLength(13)
    const source = comfyui.sources.find(({ placeId }) => placeId === comfyui.source)
    expect(source).toMatchObject({
      username: 'admin',
      live: 'accepted',
      fingerprints: { token: fingerprint(secrets.token), password: fingerprint(secrets.password) },
    })
    expect(comfyui.sources.find(({ fingerprints }) => fingerprints.token === fingerprint(secrets.oldToken))?.live).toBe(
      'refused',
    )

    const forge = byScheme(found, 'basic')
    expect(forge).toMatchObject({ suggestedId: 'forge-turbo', state: 'alone', sourceWhy: 'live' })
    expect(forge.places.map(({ key, field }) => [key, field])).toEqual([
      ['FORGE_USER', 'username'],
      ['FORGE_PASSWORD', 'password'],
    ])
    expect(found.services.map(({ name, kind, live }) => [name, kind, live])).toEqual([
      ['comfyui-qwen', 'comfyui', 'protected'],
      ['forge-turbo', 'forge', 'protected'],
    ])
  })

  it('says why a hash is cut, and which value Compose mangles', async () => {
    await using at = await deployed({ live: false })
    const comfyui = byScheme(await at.scan(), 'comfyui-login')

    const cut = placeIn(comfyui, places.qwenEnv, 'QWEN_API_USER_TOKEN')
    expect(cut.fingerprint).toBe(fingerprint(cutToken))
    expect(problemsOf(cut)).toEqual(['discovery.cut-by-dollar'])
    // Whole, and of an older password.
    expect(problemsOf(placeIn(comfyui, places.old))).toEqual(['discovery.other-hash'])
    expect(problemsOf(placeIn(comfyui, places.notebooks, 'COMFYUI_API_TOKEN'))).toEqual([])
    const mangled = placeIn(comfyui, places.qwenEnv, 'COMFYUI_BEARER_TOKEN')
    expect(problemsOf(mangled)).toEqual(['sink.mangled'])
    expect(problemsOf(placeIn(comfyui, places.root, 'COMFYUI_API_TOKEN'))).toEqual(['sink.bom'])
    expect(comfyui.sourceWhy).toBe('login-file')
    expect(comfyui.source).toBe(placeIn(comfyui, places.login).id)
  })

  it('keeps apart what legitimately differs, and proposes no other people’s tokens', async () => {
    await using at = await deployed({ live: false })
    const { credentials } = await at.scan()

    const video = credentials.filter(({ scheme }) => scheme === 'comfyui-login')[1]
    expect(video?.places.map(({ shown }) => shown)).toEqual([places.video])
    expect(credentials.filter(({ scheme }) => scheme === 'token')).toMatchObject([
      { suggested: true, suggestedId: 'whisper-api-api_key', places: [{ key: 'API_KEY', usedBy: ['whisper-api'] }] },
      { suggested: false, places: [{ key: 'HF_TOKEN' }] },
    ])
    expect(JSON.stringify(credentials)).not.toContain('TRAP')
  })

  it('changes nothing, and lets no value out of the core', async () => {
    await using at = await deployed()
    const before = await stateOf(at.site)
    const vault = await everythingIn(at.paths.root)
    const events: unknown[] = []
    for await (const event of at.discovery.scan(at.site, new AbortController().signal)) events.push(event)

    expect(await stateOf(at.site)).toEqual(before)
    expect(await everythingIn(at.paths.root)).toBe(vault)
    const told = JSON.stringify(events)
    for (const secret of [...Object.values(secrets), cutToken]) expect(told).not.toContain(secret)
    expect(at.redactor.redact(`x ${secrets.whisper} y`)).not.toContain(secrets.whisper)
  })

  it('follows no link out of the folder, and stops at its limits', async () => {
    await using folder = await temporaryFolder()
    const { credentials } = await openTestVault(folder.path)
    const [site, outside] = [path.join(folder.path, 'site'), path.join(folder.path, 'outside')]
    await mkdir(path.join(site, 'a/b/c'), { recursive: true })
    await mkdir(outside)
    await writeFile(path.join(outside, '.env'), 'OUTSIDE_API_KEY=outside-0123456789\n')
    await writeFile(path.join(site, 'a', 'settings.env'), 'INSIDE_API_KEY=inside-0123456789\n')
    await writeFile(path.join(site, 'a/b/c', '.env'), 'DEEP_API_KEY=deep-0123456789\n')
    await symlink(path.join(outside, '.env'), path.join(site, '.env'))
    await symlink(outside, path.join(site, 'linked'))
    await symlink('a/settings.env', path.join(site, 'again.env'))
    const discovery = createDiscovery({ credentials, services: registry().port, limits: { depth: 2 } })

    const found = await proposalIn(discovery.scan(site, new AbortController().signal))

    expect(found.credentials.flatMap((one) => one.places.map(({ shown }) => shown))).toEqual(['a/settings.env'])
    expect(found.remarks.map(({ problem }) => problem)).toEqual(['discovery.too-deep', 'discovery.links-outside'])
    discovery.close()
    await credentials.close()
  })

  it('finds nothing in a folder that holds nothing, and refuses what is no folder', async () => {
    await using at = await deployed({ live: false })
    await using empty = await temporaryFolder()
    const scan = (folder: string) => proposalIn(at.discovery.scan(folder, new AbortController().signal))

    expect(await scan(empty.path)).toMatchObject({ credentials: [], services: [], remarks: [] })
    expect((await problemOf(scan(at.file('.env')))).id).toBe('discovery.no-folder')
    expect((await problemOf(scan('relative'))).id).toBe('discovery.no-folder')
  })

  it('is cancelled', async () => {
    await using at = await deployed({ live: false })
    const stop = new AbortController()
    stop.abort()
    await expect(proposalIn(at.discovery.scan(at.site, stop.signal))).rejects.toThrow('aborted')
  })

  it('tells of a folder in the place of a file, and of a service that refuses everything', async () => {
    await using at = await deployed()
    await rm(at.file(places.token))
    await mkdir(at.file(places.token))
    for (const name of [places.root, places.qwenEnv, places.notebooks, places.login, places.conf])
      await writeFile(at.file(name), `COMFYUI_API_TOKEN='${secrets.oldToken}'\n`)

    const comfyui = byScheme(await at.scan(), 'comfyui-login')

    expect(problemsOf(placeIn(comfyui, places.token))).toEqual(['sink.directory'])
    expect(problemsOf(comfyui)).toEqual(['discovery.all-refused'])
  })
})

describe('importing what was found', () => {
  it('writes the vault alone; then the map shows exactly what drifts, with both answers', async () => {
    await using at = await deployed()
    const before = await stateOf(at.site)
    const found = await at.scan()
    const [comfyui, forge] = [byScheme(found, 'comfyui-login'), byScheme(found, 'basic')]
    const service = { do: 'add', key: comfyui.services[0] ?? '', id: 'qwen', runtime: 'external' } as const

    const imported = await at.discovery.import(
      { id: found.id, credentials: [{ ...asProposed(comfyui), services: [service] }, asProposed(forge)] },
      'ann',
    )

    expect(await stateOf(at.site)).toEqual(before)
    expect(imported.serviceIds).toEqual(['qwen'])
    expect(at.services.get('qwen')).toMatchObject({
      credentialId: 'comfyui-qwen',
      url: `http://127.0.0.1:${at.ports.comfyui}`,
      runtime: 'external',
    })
    expect(imported.credentials).toMatchObject([
      { id: 'comfyui-qwen', state: 'drifted', drifted: 3, username: 'admin' },
      { id: 'forge-turbo', state: 'in-sync', drifted: 0, username: 'admin' },
    ])
    expect(await at.credentials.reveal('comfyui-qwen', 'ann')).toMatchObject({
      username: 'admin',
      password: secrets.password,
      token: secrets.token,
    })
    const { places: map } = await at.credentials.drift('comfyui-qwen')
    const drifted = map.filter(({ kind, state }) => kind === 'sink' && state === 'drifted')
    // Nobody saw them hold the vault's value.
    expect(drifted.map(({ change }) => change)).toEqual([null, null, null])
    expect(
      drifted.map(({ where, key }) => `${path.relative(at.site, where).split(path.sep).join('/')} ${key ?? ''}`).sort(),
    ).toEqual([
      `${places.old} COMFYUI_BEARER_TOKEN`,
      `${places.qwenEnv} COMFYUI_BEARER_TOKEN`,
      `${places.qwenEnv} QWEN_API_USER_TOKEN`,
    ])
    const actions = (await at.credentials.history('comfyui-qwen', 9)).map(({ who, action, details }) => [
      who,
      action,
      details,
    ])
    expect(actions).toContainEqual([
      'ann',
      'credential.imported',
      { scheme: 'comfyui-login', sinks: 13, fingerprint: fingerprint(secrets.token) },
    ])

    const wrong = drifted.find(({ where }) => where === at.file(places.old))
    await at.credentials.sync('comfyui-qwen', { sinkId: wrong?.id, who: 'ann' })
    expect(await at.credentials.get('comfyui-qwen')).toMatchObject({ drifted: 2 })
  })

  it('takes the value of another place when the person chooses it', async () => {
    await using at = await deployed()
    const found = await at.scan()
    const comfyui = byScheme(found, 'comfyui-login')
    const other = placeIn(comfyui, places.old)

    await at.discovery.import(
      { id: found.id, credentials: [{ ...asProposed(comfyui), id: 'mine', source: other.id }] },
      'ann',
    )

    expect(await at.credentials.reveal('mine', 'ann')).toMatchObject({ token: secrets.oldToken })
    // The password that was found belongs to the other hash.
    expect(await at.credentials.withSecret('mine', ({ password }) => password)).toBeNull()
  })

  it('adds further sinks to a credential that the vault holds, and leaves its secret and the files alone', async () => {
    await using at = await deployed({ live: false })
    await at.credentials.create({ id: 'qwen', scheme: 'comfyui-login', username: 'admin', token: secrets.token }, 'ann')
    const before = await stateOf(at.site)
    const found = await at.scan()
    const comfyui = byScheme(found, 'comfyui-login')
    expect(comfyui).toMatchObject({ existing: 'qwen', source: null, sourceWhy: 'vault' })

    await at.discovery.import({ id: found.id, credentials: [{ ...asProposed(comfyui), id: 'qwen' }] }, 'ann')

    expect(await stateOf(at.site)).toEqual(before)
    expect((await at.credentials.get('qwen')).sinks).toHaveLength(13)
    const again = (await at.scan()).credentials.find(({ existing }) => existing === 'qwen')
    expect(again?.suggested).toBe(false)
    expect(again?.places.map(({ sinkOf, suggested }) => [sinkOf, suggested])).toEqual(Array(13).fill(['qwen', false]))
  })

  it('refuses when a file has changed since, and does not mind a touched one', async () => {
    await using at = await deployed({ live: false })
    const found = await at.scan()
    const order = {
      id: found.id,
      credentials: [byScheme(found, 'comfyui-login'), byScheme(found, 'basic')].map(asProposed),
    }
    await writeFile(at.file(places.forgeEnv), 'FORGE_USER=admin\nFORGE_PASSWORD=changed-meanwhile-1\n')

    const problem = await problemOf(at.discovery.import(order, 'ann'))

    expect(problem.id).toBe('discovery.changed')
    expect(problem.params).toEqual({ path: at.file(places.forgeEnv) })
    expect(await at.credentials.list()).toEqual([])
    await utimes(at.file(places.root), new Date(), new Date())
    await at.discovery.import({ ...order, credentials: order.credentials.slice(0, 1) }, 'ann')
    expect(await at.credentials.list()).toHaveLength(1)
  })

  it('keeps nothing when one of several cannot be', async () => {
    await using at = await deployed({ live: false })
    const found = await at.scan()
    const [comfyui, forge] = [byScheme(found, 'comfyui-login'), byScheme(found, 'basic')]
    const service = (id: string) => [
      { do: 'add' as const, key: found.services[0]?.key ?? '', id, runtime: 'external' as const },
    ]
    const refused = async (...credentials: Parameters<typeof at.discovery.import>[0]['credentials']) => {
      const { id } = await problemOf(at.discovery.import({ id: found.id, credentials }, 'ann'))
      expect(await at.credentials.list()).toEqual([])
      expect([...at.services.keys()]).toEqual([])
      return id
    }
    const [a, b] = [asProposed(comfyui), asProposed(forge)]
    at.refused.add('second')

    expect(await refused(a, { ...b, id: a.id })).toBe('discovery.twice')
    expect(await refused(a, { ...b, source: undefined })).toBe('discovery.no-source')
    expect(await refused(a, { ...b, places: a.places })).toBe('discovery.unknown')
    expect(await refused(a, { ...b, key: 'nothing' })).toBe('discovery.unknown')
    expect(await refused({ ...a, existing: true })).toBe('credential.not-found')
    expect(await refused({ ...a, services: [{ do: 'link', id: 'nobody' }] })).toBe('service.not-found')
    expect(await refused({ ...a, services: service('first') }, { ...b, services: service('second') })).toBe(
      'service.exists',
    )
    expect((await problemOf(at.discovery.import({ id: 'gone', credentials: [a] }, 'ann'))).id).toBe('discovery.gone')

    await at.discovery.import({ id: found.id, credentials: [a, b] }, 'ann')
    expect(await at.credentials.list()).toHaveLength(2)
  })

  it('forgets what was found when it is discarded, and by itself', async () => {
    await using at = await deployed({ live: false })
    const short = createDiscovery({ credentials: at.credentials, services: at.port, keepMs: 30 })
    const found = await at.scan()
    at.discovery.discard(found.id)
    await proposalIn(short.scan(at.site, new AbortController().signal))

    const order = { id: found.id, credentials: [asProposed(byScheme(found, 'basic'))] }
    expect((await problemOf(at.discovery.import(order, 'ann'))).id).toBe('discovery.gone')
    await until('the secrets to be forgotten', () => at.redactor.redact(secrets.whisper) === secrets.whisper, 5000)
  })
})
