import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { fingerprint } from '../../../electron/vault/fingerprint'
import type { DiscoveryProposal } from '../../../shared/contract'
import { asProposed, caseFolder } from './support'

/** Every login that was found: where it stands, whose it is, and the services that it opens. */
const loginsOf = ({ credentials, services }: DiscoveryProposal) =>
  credentials
    .filter(({ scheme }) => scheme === 'basic')
    .flatMap((one) =>
      one.sources.slice(0, 1).map(({ username, fingerprints }) => ({
        id: one.suggestedId,
        username,
        password: fingerprints.password,
        services: one.services.map((key) => services.find((service) => service.key === key)?.name),
        places: one.places.length,
      })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))

describe('logins among arguments', () => {
  it('are found in every form: a string, a list, KEY= in a list, a map, with =; each with its service', async () => {
    await using at = await caseFolder('logins-in-arguments')
    const found = await at.scan()

    expect(loginsOf(found)).toEqual(
      [
        ['forge', 'anna', 'Tulip-44-Ridge'],
        ['forge2', 'ben', 'Otter-19-Cliff'],
        ['forge3', 'cleo', 'Maple-77-Shore'],
        ['forge4', 'dora', 'Cedar-28-Point'],
        ['forge5', 'emil', 'Raven-63-Brook'],
      ]
        .map(([name = '', username = '', password = '']) => ({
          ...{ id: name, username, password: fingerprint(password), services: [name], places: 1 },
        }))
        .concat({
          id: 'forge5-finn',
          username: 'finn',
          password: fingerprint('Heron-12-Marsh'),
          services: [],
          places: 1,
        }),
    )
    expect(found.services.map(({ name, kind, url }) => [name, kind, url])).toEqual(
      [7897, 7896, 7895, 7894, 7893].map((port, index) => [
        index === 0 ? 'forge' : `forge${index + 1}`,
        'forge',
        `http://127.0.0.1:${port}`,
      ]),
    )
    for (const word of ['Tulip', 'Otter', 'Maple', 'Cedar', 'Raven', 'Heron'])
      expect(JSON.stringify(found)).not.toContain(word)
  })

  it('of several users on both surfaces are two, of which one is the service’s', async () => {
    await using at = await caseFolder('several-logins')
    const found = await at.scan()

    expect(loginsOf(found)).toMatchObject([
      { id: 'forge', username: 'anna', services: ['forge'], places: 2 },
      { id: 'forge-ben', username: 'ben', services: [], places: 2 },
    ])
    const ben = found.credentials.find(({ suggestedId }) => suggestedId === 'forge-ben')
    expect(ben?.reasons).toMatchObject([{ problem: 'discovery.other-user', params: { service: 'forge' } }])
  })

  it('whose password Forge breaks on are marked, imported as they are, and to be rotated', async () => {
    await using at = await caseFolder('unsafe-password-in-list')
    const found = await at.scan()
    const [forge] = found.credentials
    if (!forge) throw new Error('nothing was found')

    expect(forge.places.map(({ key, field, holds, fingerprint: print }) => [key, field, holds, print])).toEqual([
      ['FORGE_PASSWORD', 'password', 'value', fingerprint('ab,cd12')],
      ['--api-auth', 'password', 'value', fingerprint('s3:cret')],
    ])
    expect(forge.sources).toMatchObject(
      [',', ':'].map((character) => ({
        username: 'admin',
        unusable: { problem: 'credential.separator', params: { field: 'password', character } },
      })),
    )

    const imported = await at.discovery.import({ id: found.id, credentials: [asProposed(forge)] }, 'ann')

    expect(imported.credentials).toMatchObject([
      { unusable: { field: 'password', reason: { problem: 'credential.separator' } }, state: 'in-sync' },
    ])
    expect(JSON.stringify([found, imported])).not.toMatch(/ab,cd12|s3:cret/)
  })

  it('in webui-user.bat and .sh are found, with the remark that nothing can be written there', async () => {
    await using at = await caseFolder('webui-user-bat')
    const found = await at.scan()

    expect(loginsOf(found)).toMatchObject([
      { username: 'studio', password: fingerprint('Kestrel-Harbor-91'), places: 3 },
    ])
    const problems = found.credentials.flatMap(({ places }) =>
      places.map(({ shown, line, type, reasons }) => [shown, line, type, reasons.map(({ problem }) => problem)]),
    )
    expect(problems).toEqual([
      ['webui-user.bat', 3, null, ['discovery.no-sink-script']],
      ['webui-user.bat', 3, null, ['discovery.no-sink-script']],
      ['webui-user.sh', 2, null, ['discovery.no-sink-script']],
    ])
  })

  it('in an environment file are those of the service that reads it', async () => {
    await using at = await caseFolder('compose-file-variable')
    expect(loginsOf(await at.scan())).toMatchObject([
      { username: 'art', password: fingerprint('ptarmigan9'), services: ['forge'] },
    ])
  })

  it('a carriage return is told only where the reader of the file keeps it', async () => {
    await using at = await caseFolder('webui-user-bat')
    await writeFile(at.file('webui-user.sh'), 'export COMMANDLINE_ARGS="--api-auth studio:Kestrel-Harbor-91"\r\n')
    const places = (await at.scan()).credentials.flatMap((one) => one.places)
    const told = places.filter(({ reasons }) => reasons.some(({ problem }) => problem === 'discovery.crlf-script'))
    expect(told.map(({ shown }) => shown)).toEqual(['webui-user.sh'])
  })
})
