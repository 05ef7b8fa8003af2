import { describe, expect, it } from 'vitest'
import { emptyForm, issuesOf, toConfig, usualUrl } from '../../../renderer/features/services/new-service'
import { ServiceConfig } from '../../../shared/contract'

const filled = { ...emptyForm('process'), id: 'comfyui-studio', command: ' python ', args: 'main.py\n--port\n8188\n' }

describe('the form that adds a service', () => {
  it('is sent in the form that the panel takes', () => {
    const config = toConfig({ ...filled, env: 'A=1\nB=x=y', cwd: '/srv/comfyui', credentialId: 'main' })
    expect(ServiceConfig.parse(config)).toMatchObject({
      id: 'comfyui-studio',
      credentialId: 'main',
      process: {
        command: 'python',
        args: ['main.py', '--port', '8188'],
        cwd: '/srv/comfyui',
        env: { A: '1', B: 'x=y' },
      },
    })
  })

  it('makes an id of the name until one is typed', () => {
    const named = { ...filled, id: '', name: 'ComfyUI Étude' }
    expect(toConfig(named)).toMatchObject({ id: 'comfyui-etude', name: 'ComfyUI Étude' })
    expect(toConfig(named, ['comfyui-etude'])).toMatchObject({ id: 'comfyui-etude-2' })
    expect(issuesOf(named, ['comfyui-etude'])).toEqual(new Set())
    expect(toConfig({ ...named, id: 'own' })).toMatchObject({ id: 'own', name: 'ComfyUI Étude' })
    // A name that is the id says nothing more.
    expect(toConfig({ ...filled, id: '', name: 'studio' })).not.toHaveProperty('name')
    expect(issuesOf({ ...named, name: '日本' }, [])).toEqual(new Set(['id']))
  })

  it('takes paths of Windows as they are, and references to the vault', () => {
    const config = toConfig({
      ...filled,
      command: 'C:\\ComfyUI\\python_embeded\\python.exe',
      args: '-s\nD:\\my models\\main.py\n--api-key=${vault:hub.token}',
      cwd: '\\\\nas\\comfyui',
      env: 'HF_HOME=D:\\models=1\nHF_TOKEN=${vault:hub.token}',
    })
    const reference = { credentialId: 'hub', field: 'token' }
    expect(ServiceConfig.parse(config).process).toEqual({
      command: 'C:\\ComfyUI\\python_embeded\\python.exe',
      args: ['-s', 'D:\\my models\\main.py', ['--api-key=', reference]],
      cwd: '\\\\nas\\comfyui',
      env: { HF_HOME: 'D:\\models=1', HF_TOKEN: [reference] },
    })
  })

  it('accepts what the panel accepts', () => {
    expect(issuesOf(filled, [])).toEqual(new Set())
  })

  it.each([
    ['id', { id: 'Upper Case' }],
    ['idTaken', { id: 'taken' }],
    ['url', { url: 'http://user:pass@host/' }],
    ['url', { url: 'nonsense' }],
    ['command', { command: ' ' }],
    ['env', { env: 'no equals sign' }],
    ['env', { env: 'A=${vault:nobody}' }],
    ['args', { args: '${vault:nobody}' }],
  ] as const)('names %s as what is wrong with %j', (issue, change) => {
    expect(issuesOf({ ...filled, ...change }, ['taken'])).toEqual(new Set([issue]))
  })

  it('suggests another port for a simulated service than the real program has', () => {
    expect(usualUrl('comfyui', 'simulator')).not.toBe(usualUrl('comfyui', 'external'))
  })
})
