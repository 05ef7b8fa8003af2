import { describe, expect, it } from 'vitest'
import {
  changedFields,
  changeOf,
  demandOf,
  formOf,
  mergeForms,
  processOf,
  type EditForm,
} from '../../../renderer/features/services/edit/edit-form'
import { isAbsolute, issuesOf } from '../../../renderer/features/services/edit/edit-issues'
import { argumentsOf, fitsLines, givenOf, spelled } from '../../../renderer/features/services/edit/given-spelling'
import { freeId, slugOf } from '../../../renderer/features/services/slug'
import { ServiceChange, type GivenText, type Service } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'

const reference = { credentialId: 'door', field: 'password' } as const

const service: Service = {
  ...{ id: 'upscale', revision: '0123456789abcdef', tags: ['lab'], idle: neverSleeps, muted: false },
  ...{ kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:8192', credentialId: 'upscale' },
  health: { state: 'ready', since: 0, checkedAt: null, rungs: [], checks: [] },
  ...{
    operation: null,
    adopted: false,
    pid: 1,
    model: null,
    queue: null,
    progress: null,
    container: null,
    pending: null,
  },
  process: {
    command: 'C:\\ComfyUI\\python_embeded\\python.exe',
    args: ['-s', 'D:\\my models\\main.py', '--api-auth', ['ann:', reference]],
    env: { HF_HOME: 'D:\\models\\huggingface', HF_TOKEN: [{ credentialId: 'hub', field: 'token' }] },
  },
}
const form = formOf(service)
const edited = (change: Partial<EditForm>): EditForm => ({ ...form, ...change })

describe('the spelling of references in a text field', () => {
  it.each<[string, GivenText]>([
    ['a text', '--port=8188'],
    ['a folder of Windows', 'C:\\Users\\ann\\$models\\{a}'],
    ['a pair', [{ ...reference, field: 'username' }, ':', reference]],
    ['a dollar before a reference', ['$', reference, '$']],
    ['a text that looks like one', '${vault:door.password}'],
    ['a text with its escape', '${vault:$}{vault:door.password} $${vault:'],
    ['nothing', ''],
  ])('gives %s back as it was', (_, given) => {
    expect(givenOf(spelled(given))).toEqual(given)
  })

  it.each(['${vault:door}', '${vault:Door.password}', '${vault:door.sessionKey}', '${vault:}'])(
    'takes %s for no reference, and says so',
    (text) => {
      expect(givenOf(text)).toBeNull()
      expect(argumentsOf(`main.py\n${text}`)).toBeNull()
    },
  )

  it('shows what lines cannot hold by no lines', () => {
    expect(fitsLines(['a', ' b'])).toBe(false)
    expect(fitsLines(['a\nb'])).toBe(false)
    expect(fitsLines(['', 'a'])).toBe(false)
    expect(fitsLines(service.process?.args ?? [])).toBe(true)
  })
})

describe('editing a service', () => {
  it('sends what was changed, and nothing else', () => {
    expect(changedFields(service, form)).toEqual([])
    expect(changeOf(service, form)).toEqual({ id: 'upscale', revision: '0123456789abcdef' })
    const change = changeOf(
      service,
      edited({ name: ' Upscaler ', tags: ['lab', 'night'], order: '2', gpuUuid: '', credentialId: '' }),
    )
    expect(change).toEqual({
      ...{ id: 'upscale', revision: '0123456789abcdef', name: 'Upscaler', tags: ['lab', 'night'], order: 2 },
      credentialId: null,
    })
    expect(ServiceChange.parse(change)).toEqual(change)
  })

  it('keeps arguments that were not touched to the byte, and references with the others', () => {
    const odd = { ...service, process: { command: 'x', args: ['a\nb', ' c', ''], env: {} } }
    const after = processOf({ ...formOf(odd), command: 'y' }, odd.process)
    expect(after).toEqual({ command: 'y', args: ['a\nb', ' c', ''], env: {} })
    const args = `${form.args}\n--listen`
    expect(processOf(edited({ args }), service.process)).toEqual({
      ...service.process,
      args: [...(service.process?.args ?? []), '--listen'],
    })
  })

  it('puts a new secret in by its credential, and a variable’s place does not count as a change', () => {
    const env = [
      ...form.env,
      { key: 9, name: 'CIVITAI_TOKEN', value: { type: 'new' as const, secret: 'typed-secret' } },
    ]
    const made = new Map([[9, { credentialId: 'upscale-civitai-token', field: 'token' as const }]])
    const sent = JSON.stringify(changeOf(service, edited({ env }), made))
    expect(sent).toContain('"CIVITAI_TOKEN":[{"credentialId":"upscale-civitai-token","field":"token"}]')
    expect(sent).not.toContain('typed-secret')
    const moved = form.env.map((one) => ({ ...one, key: one.key + 5 }))
    expect(changedFields(service, edited({ env: moved }))).toEqual([])
  })

  it.each<[Partial<EditForm>, string, string | undefined]>([
    [{ url: '192.168.1.40:8188' }, 'url', 'http://192.168.1.40:8188'],
    [{ url: 'http://host:8188/queue?x=1' }, 'url', 'http://host:8188'],
    [{ url: 'http://' }, 'url', undefined],
    [{ command: ' ' }, 'command', undefined],
    [{ args: '--auth ${vault:nobody}' }, 'reference', undefined],
    [{ cwd: 'models' }, 'path', undefined],
    [{ order: 'first' }, 'order', undefined],
    [{ name: 'a\u202Eb' }, 'name', undefined],
    [
      { env: [{ key: 1, name: 'PYTORCH CUDA_ALLOC_CONF', value: { type: 'text', text: '' } }] },
      'variable',
      'PYTORCH_CUDA_ALLOC_CONF',
    ],
    [{ env: [{ key: 1, name: '1X', value: { type: 'text', text: '' } }] }, 'variable', '_1X'],
    [
      { env: [...form.env, { key: 9, name: 'HF_HOME', value: { type: 'text', text: '' } }] },
      'variableTwice',
      undefined,
    ],
    [{ env: [{ key: 1, name: 'A', value: { type: 'new', secret: '' } }] }, 'secret', undefined],
  ])('%j is told at its field, with its correction where there is one', (change, issue, fix) => {
    const [first, ...others] = issuesOf(service, edited(change))
    expect(first).toMatchObject({ issue, ...(fix !== undefined && { fix }) })
    expect(first?.fix).toBe(fix)
    expect(others).toEqual([])
  })

  it('accepts paths of Windows and of other systems', () => {
    expect(issuesOf(service, form)).toEqual([])
    expect(['C:\\sd', 'd:/sd', '\\\\nas\\models', '/srv/sd'].map(isAbsolute)).toEqual([true, true, true, true])
    expect(['sd', '.\\sd', 'C:sd', '~/sd', ''].map(isAbsolute)).toEqual([false, false, false, false, false])
  })
})

describe('what a change asks of a program that runs', () => {
  const stopped: Service = { ...service, pid: null, health: { ...service.health, state: 'stopped' } }
  const compose: Service = { ...service, runtime: 'compose', compose: { file: 'C:\\sd\\compose.yaml', service: 'web' } }
  it.each<[string, Service, Partial<EditForm>, string]>([
    ['a name', service, { name: 'Other' }, 'nothing'],
    ['a variable', service, { env: [] }, 'restart'],
    ['a GPU', service, { gpuUuid: 'GPU-1' }, 'restart'],
    ['the address of a program', service, { url: 'http://127.0.0.1:1' }, 'stop'],
    ['the address of one that stands still', stopped, { url: 'http://127.0.0.1:1', env: [] }, 'nothing'],
    ['the address of a container', compose, { url: 'http://127.0.0.1:1' }, 'nothing'],
    ['the files of a container', compose, { project: 'other' }, 'stop'],
  ])('%s', (_, of, change, demand) => {
    expect(demandOf(of, of, { ...formOf(of), ...change })).toBe(demand)
  })
})

describe('a service that somebody else changed meanwhile', () => {
  it('keeps what each has changed alone, and asks where both have', () => {
    const theirs: Service = {
      ...service,
      name: 'Theirs',
      tags: ['night'],
      url: 'http://127.0.0.1:1',
      revision: 'f'.repeat(16),
    }
    const mine = edited({ name: 'Mine', tags: ['night'], gpuUuid: 'GPU-1' })
    const { form: merged, conflicts } = mergeForms(service, theirs, mine)
    expect(conflicts).toEqual(['name'])
    expect(merged).toMatchObject({ name: 'Mine', tags: ['night'], url: 'http://127.0.0.1:1', gpuUuid: 'GPU-1' })
    expect(changeOf(theirs, merged)).toMatchObject({ revision: 'f'.repeat(16), name: 'Mine', gpuUuid: 'GPU-1' })
    expect(changedFields(theirs, merged)).toEqual(['name', 'gpuUuid'])
  })
})

describe('a name as an id', () => {
  it.each([
    ['ComfyUI Étudiants 2', 'comfyui-etudiants-2'],
    ['  --Forge / Neo!! ', 'forge-neo'],
    ['日本', ''],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('%j is %j', (name, id) => {
    expect(slugOf(name)).toBe(id)
  })
  it('has a number where it is taken, and stays within its length', () => {
    expect(freeId('a', ['a', 'a-2'])).toBe('a-3')
    expect(freeId('x'.repeat(63), ['x'.repeat(63)])).toHaveLength(63)
  })
})
