import bcrypt from 'bcryptjs'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { askAsStranger, askWithSecret } from '../../../electron/doctor/collect/ask'
import { asItIs } from '../../../electron/logs/cutting'
import { comfyui, folder } from '../simulator/support'

const password = 'right'
const hash = bcrypt.hashSync(password, 4)
const { signal } = new AbortController()

async function ask(content: string) {
  const at = folder({ 'login/PASSWORD': content })
  const { url } = await comfyui({ folder: at })
  const target = { kind: 'comfyui', url, signal, redact: asItIs } as const
  const known = await askAsStranger(target)
  const answers = await askWithSecret(target, { username: null, password, token: hash }, known)
  return { answers, content: readFileSync(path.join(at, 'login', 'PASSWORD'), 'utf8') }
}

describe('the doctor’s try at the web login', () => {
  test('signs in where that writes nothing', async () => {
    const { answers, content } = await ask(`${hash}\nregie`)
    expect([answers['web-login']?.status, answers['web-login']?.location]).toEqual([302, '/'])
    expect(content).toBe(`${hash}\nregie`)
  })

  // The service opens its PASSWORD file for writing before it looks for the name: the file would be empty then.
  test('is left out where the service would write its PASSWORD file', async () => {
    const { answers, content } = await ask(hash)
    expect([answers.ours?.status, answers['web-login']]).toEqual([200, undefined])
    expect(content).toBe(hash)
  })

  test('is left out before the first password', async () => {
    const { answers } = await ask('')
    expect(answers['web-login']).toBeUndefined()
  })
})
