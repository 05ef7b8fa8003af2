import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GeneratedImage, Generation } from '../../../shared/contract'
import { saveAll } from '../../../electron/command/commands/saving'
import { temporaryFolder } from '../../support/programs'
import { sampleOf } from '../../support/sample'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...parts: string[]) => path.join(folder.path, ...parts)
beforeEach(async () => {
  folder = await temporaryFolder('regie-saving')
  mkdirSync(at('out'))
})
afterEach(() => folder[Symbol.asyncDispose]())

const sample = sampleOf(Generation)
const image = { ...sampleOf(GeneratedImage), mime: 'image/png' } as const

/** A generation as a panel that means harm tells of it. */
const generation = (change: Partial<Generation>): Generation => ({
  ...sample,
  ...{ images: [image], createdAt: Date.UTC(2026, 10, 30, 12) },
  ...change,
})

const save = (made: Generation, out: string) =>
  saveAll({ read: () => Promise.resolve(new Blob(['picture']).stream()) }, made, {
    ...{ out, force: false, context: { signal: new AbortController().signal } },
  })

describe('images are saved', () => {
  it.each([
    { serviceId: '../../elsewhere' },
    { serviceId: '/etc/cron.d/x' },
    { serviceId: String.raw`..\..\elsewhere` },
    { serviceId: 'c:stream' },
    { id: '../../x', serviceId: '..' },
  ])('into the folder that was named and nowhere else: %j', async (change) => {
    const [file = ''] = await save(generation(change), at('out'))
    expect(path.dirname(file)).toBe(at('out'))
    expect(path.basename(file)).toMatch(/^2026-11-30[^/\\:]*\.png$/)
    expect(readdirSync(folder.path)).toEqual(['out'])
    expect(readdirSync(at('out'))).toEqual([path.basename(file)])
    expect(readFileSync(file, 'utf8')).toBe('picture')
  })

  it('never over a file that is there, and leave nothing where they are refused', async () => {
    writeFileSync(at('mine.png'), 'mine')
    await expect(save(generation({}), at('mine.png'))).rejects.toMatchObject({ key: 'failure.exists' })
    expect(readFileSync(at('mine.png'), 'utf8')).toBe('mine')
    expect(readdirSync(folder.path)).toEqual(['mine.png', 'out'])
  })
})
