// @module-tag long
import bcrypt from 'bcryptjs'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { conformance } from '../../conformance/main'
import { comfyui, folder } from '../simulator/support'

const webPassword = 'a-web-password-nobody-else-has'
const token = bcrypt.hashSync(webPassword, 4)

/** Runs the command as `npm run conformance` does, and answers what it printed. */
async function run(...args: string[]) {
  const lines: string[] = []
  const print = (...words: unknown[]) => void lines.push(words.join(' '))
  vi.spyOn(console, 'log').mockImplementation(print)
  vi.spyOn(console, 'error').mockImplementation(print)
  const isFine = await conformance(args)
  return { isFine, text: lines.join('\n') }
}

afterEach(() => vi.restoreAllMocks())

test('an installation that answers as it should has no row that differs', async () => {
  const at = folder({ 'login/PASSWORD': `${token}\nregie`, web: `${webPassword}\n` })
  const { url } = await comfyui({ folder: at })
  const password = ['--password-file', path.join(at, 'login', 'PASSWORD'), '--web-password-file', path.join(at, 'web')]
  const careful = await run('--comfyui', url, ...password)
  expect(careful.text).toContain('login: set')
  expect(careful.text).toMatch(/\n\d\d+ as expected, 0 differ, \d+ not asked$/)
  expect(careful.text).toMatch(/- \d+: needs --allow-changes/)
  expect(careful.isFine).toBe(true)
})

test('a row that differs is printed with what came instead, and no secret is', async () => {
  // A web password that is not the installation's: every row that signs in differs.
  const wrong = 'another-web-password'
  const at = folder({ 'login/PASSWORD': `${token}\nregie`, web: `${wrong}\n` })
  const { url } = await comfyui({ folder: at })
  const { isFine, text } = await run(
    ...['--comfyui', url, '--allow-changes', '--folder', at],
    ...['--password-file', path.join(at, 'login', 'PASSWORD'), '--web-password-file', path.join(at, 'web')],
  )
  expect(text).toContain('ComfyUI-Login: sessions and the file\n- the right password opens a session')
  expect(text).toContain('    POST /login: header location: "/", not "/login?wrong_password=1"')
  expect(isFine).toBe(false)
  for (const secret of [token, encodeURIComponent(token), wrong]) expect(text).not.toContain(secret)
})

test('what is not asked changes nothing: no job, no file, no line of a failure in the log', async () => {
  const at = folder({ 'login/PASSWORD': `${token}\nregie` })
  const { url, log } = await comfyui({ folder: at })
  await run('--comfyui', url, '--password-file', path.join(at, 'login', 'PASSWORD'), '--folder', at)
  const said = log.lines().map(({ m }) => m)
  expect(said.filter((line) => /Traceback|Prompt executed/.test(line))).toEqual([])
})

test('who is no ComfyUI is not asked any further', async () => {
  const { url } = await comfyui()
  const { isFine, text } = await run('--comfyui', `${url}/nowhere`)
  expect([isFine, text]).toEqual([false, expect.stringContaining('this is no ComfyUI that can be asked')])
})

test('help and a mistake print the options', async () => {
  expect(await run('--help')).toMatchObject({
    isFine: true,
    text: expect.stringContaining('--allow-changes') as unknown,
  })
  expect(await run()).toMatchObject({ isFine: false, text: expect.stringContaining('name an installation') as unknown })
})
