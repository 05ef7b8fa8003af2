import { expect, test, vi } from 'vitest'
import { conformance } from '../../conformance/main'
import { long } from '../../support/long'
import { comfyui, folder, forge } from '../simulator/support'

async function run(...args: string[]) {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void lines.push(words.join(' ')))
  await conformance([...args, '--through-gateway', '--allow-changes'])
  vi.restoreAllMocks()
  return lines.join('\n')
}

test('through the gateway ComfyUI answers as it does by itself', { ...long, timeout: 120_000 }, async () => {
  const at = folder()
  const { url } = await comfyui({ folder: at, withoutLogin: true })
  const text = await run('--comfyui', url, '--folder', at)
  // What leads upwards is sent on to nobody.
  expect(text).toMatch(/- a file that leaves the user’s folder\n[\s\S]*\n1\d\d as expected, 1 differ/)
})

test('through the gateway Forge answers as it does by itself', { ...long, timeout: 120_000 }, async () => {
  const { url } = await forge({ protect: 'none', behaviour: { stepMs: 10 } })
  expect(await run('--forge', url)).toMatch(/\n1\d\d as expected, 0 differ/)
})
