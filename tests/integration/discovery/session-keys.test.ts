import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { stateOf } from '../../support/deployment'
import { asProposed, byScheme, caseFolder, placeIn } from './support'

const isAboutKeys = ({ problem }: { problem: string }) => problem === 'discovery.session-key-alone'
const keyAt = 'run/custom_nodes/ComfyUI-Login/.secret-key.txt'

describe('the session key of ComfyUI-Login', () => {
  it('is proposed beside the PASSWORD of its ComfyUI, and imported as it stands', async () => {
    await using at = await caseFolder('name-from-variable')
    const before = await stateOf(at.site)
    const found = await at.scan()
    const comfyui = byScheme(found, 'comfyui-login')

    expect(comfyui.places.map(({ shown, type, field, suggested }) => [shown, type, field, suggested])).toEqual([
      ['run/login/PASSWORD', 'comfyui-login', 'token', true],
      [keyAt, 'session-key', 'sessionKey', true],
    ])
    expect(comfyui).toMatchObject({ state: 'alone', sourceWhy: 'login-file' })
    const [key = ''] = (await readFile(at.file(keyAt), 'utf8')).split(',')
    expect(JSON.stringify(found)).not.toContain(key)
    expect(at.redactor.redact(`x ${key}`)).not.toContain(key)

    await at.discovery.import({ id: found.id, credentials: [asProposed(comfyui)] }, 'ann')

    expect(await stateOf(at.site)).toEqual(before)
    const [credential] = await at.credentials.list()
    expect(credential).toMatchObject({ state: 'in-sync', drifted: 0, fingerprints: { sessionKey: fingerprint(key) } })
    expect(credential?.sinks.map(({ type }) => type)).toEqual(['comfyui-login', 'session-key'])
  })

  it('goes to a credential that the vault holds, without which its sessions would outlive a rotation', async () => {
    await using at = await caseFolder('name-from-variable')
    const [token = ''] = (await readFile(at.file('run/login/PASSWORD'), 'utf8')).split('\n')
    const sinks = [{ type: 'comfyui-login' as const, path: at.file('run/login/PASSWORD') }]
    await at.credentials.create({ id: 'mine', scheme: 'comfyui-login', username: 'admin', token, sinks }, 'ann')
    const found = await at.scan()
    const comfyui = byScheme(found, 'comfyui-login')
    expect(comfyui).toMatchObject({ existing: 'mine', suggested: true })

    await at.discovery.import({ id: found.id, credentials: [{ ...asProposed(comfyui), id: 'mine' }] }, 'ann')

    const credential = await at.credentials.get('mine')
    expect(credential.sinks.map(({ type }) => type)).toEqual(['comfyui-login', 'session-key'])
    expect(credential).toMatchObject({
      state: 'in-sync',
      fingerprints: { sessionKey: placeIn(comfyui, keyAt).fingerprint },
    })
  })

  it('goes to the credential of the service that reads it where no PASSWORD lies in the folder', async () => {
    await using at = await caseFolder('name-from-variable', {
      known: (site) => [
        {
          ...{ id: 'nv', kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:9', credentialId: 'mine' },
          compose: { file: path.join(site, 'compose.yaml'), service: 'comfyui-nvidia' },
        },
      ],
    })
    await at.credentials.create({ id: 'mine', scheme: 'comfyui-login' }, 'ann')
    await rm(at.file('run/login/PASSWORD'))
    const comfyui = byScheme(await at.scan(), 'comfyui-login')
    expect(comfyui).toMatchObject({ existing: 'mine', source: null, places: [{ shown: keyAt, suggested: true }] })
  })

  it('is told of, and proposed for nobody, where nothing says whose it is', async () => {
    await using at = await caseFolder('sidecars')
    const found = await at.scan()
    expect(found.credentials).toEqual([])
    expect(found.remarks.filter(isAboutKeys)).toMatchObject([
      {
        problem: 'discovery.session-key-alone',
        params: { path: at.file('d/custom_nodes/ComfyUI-Login/.secret-key.txt') },
      },
    ])
  })

  it('is not put to another ComfyUI, and one that would leave the server open is proposed with the reason', async () => {
    await using at = await caseFolder('name-from-variable')
    await writeFile(at.file(keyAt), 'half a file')
    await mkdir(at.file('other/login'), { recursive: true })
    await rename(at.file('run/login/PASSWORD'), at.file('other/login/PASSWORD'))
    await rm(at.file('compose.yaml'))
    const apart = await at.scan()
    expect(byScheme(apart, 'comfyui-login').places.map(({ shown }) => shown)).toEqual(['other/login/PASSWORD'])
    expect(apart.remarks.filter(isAboutKeys)).toHaveLength(1)

    await rename(at.file('run/custom_nodes'), at.file('other/custom_nodes'))
    const place = placeIn(
      byScheme(await at.scan(), 'comfyui-login'),
      'other/custom_nodes/ComfyUI-Login/.secret-key.txt',
    )
    expect(place).toMatchObject({ holds: 'nothing', suggested: true, fingerprint: null })
    expect(place.reasons.map(({ problem }) => problem)).toEqual(['sink.session-key-broken'])
  })
})
