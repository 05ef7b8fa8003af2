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
  ] as const)('names %s as what is wrong with %j', (issue, change) => {
    expect(issuesOf({ ...filled, ...change }, ['taken'])).toEqual(new Set([issue]))
  })

  it('suggests another port for a simulated service than the real program has', () => {
    expect(usualUrl('comfyui', 'simulator')).not.toBe(usualUrl('comfyui', 'external'))
  })
})
