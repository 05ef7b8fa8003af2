import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { bundlePanelPrograms } from '../../support/panel'
import { until } from '../../support/until'
import { smallJob, startWakingPanel, type WakingPanel } from '../../support/waking'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let house: WakingPanel
const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'regie-removed-'))
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  house = await startWakingPanel({ ...programs, dataFolder })
})
afterAll(async () => {
  await house.stop()
  await programs.remove()
  rmSync(dataFolder, { recursive: true, force: true })
})

const person = async (id: string, name: string, role = 'user') => {
  expect((await house.running.rest('POST', 'users', { id, name, role })).status).toBe(201)
  const { body } = await house.running.rest('POST', 'keys', { userId: id, name: 'laptop' })
  const { key } = z.object({ key: z.string() }).parse(body)
  const headers = { authorization: `Bearer ${key}` }
  const ask = (at: string, body?: unknown) => house.ask(at, { body, headers })
  const jobs = async () => {
    const answer = await fetch(new URL('api/v1/me/jobs', house.running.url), { headers })
    return z.array(z.object({ endedAt: z.number().nullable() })).parse(await answer.json())
  }
  return Object.assign(ask, { jobs })
}

const Made = z.record(
  z.string(),
  z.object({
    outputs: z.record(
      z.string(),
      z.object({ images: z.array(z.object({ filename: z.string(), subfolder: z.string(), type: z.string() })) }),
    ),
  }),
)

it('what a removed person made is nobody’s: administrators see it, and nobody who comes later, by name or by naming it', async () => {
  const maya = await person('maya', 'Maya')
  const chief = await person('chief', 'Chief', 'admin')
  const sent = await maya('/prompt', { prompt: smallJob(3), prompt_id: '7f0e8f4e-0000-4000-8000-00000000000a' })
  const { prompt_id: id } = z.object({ prompt_id: z.string() }).parse(JSON.parse(sent.text))
  const entry = async () => Made.parse(JSON.parse((await maya(`/history/${id}`)).text))[id]
  const made = await until('it to be done', entry)
  const [image] = Object.values(made.outputs).flatMap(({ images }) => images)
  if (!image) throw new Error('no picture')
  const view = `/view?${new URLSearchParams(image).toString()}`
  expect((await maya(view)).status).toBe(200)
  await until('its end to be known', async () => (await maya.jobs()).every(({ endedAt }) => endedAt !== null))

  expect((await house.running.rest('DELETE', 'users/maya')).status).toBeLessThan(300)
  expect((await maya(view)).status).toBe(401)

  // Her name is free; her id is not.
  expect((await house.running.rest('POST', 'users', { id: 'maya', name: 'Other', role: 'user' })).status).toBe(409)
  const later = await person('maya-2', 'Maya')
  expect((await later(view)).status).toBe(404)
  expect(JSON.parse((await later(`/history/${id}`)).text)).toEqual({})
  const taken = await later('/prompt', { prompt: smallJob(4), prompt_id: id })
  expect(taken.status).not.toBe(200)
  expect((await later(view)).status).toBe(404)

  expect((await chief(view)).status).toBe(200)
  expect(Object.keys(JSON.parse((await chief(`/history/${id}`)).text) as object)).toEqual([id])

  expect((await house.running.rest('DELETE', 'users/maya-2')).status).toBeLessThan(300)
  // Not even where nobody knows any more which ids there were: one of the same id gets nothing of hers.
  await house.stop()
  const file = path.join(dataFolder, 'people.json')
  const people = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...people, formerIds: [] }))
  house = await startWakingPanel({ ...programs, dataFolder })
  const again = await person('maya', 'Maya II')
  expect((await again(view)).status).toBe(404)
  expect(JSON.parse((await again(`/history/${id}`)).text)).toEqual({})
  expect((await again('/prompt', { prompt: smallJob(5), prompt_id: id })).status).not.toBe(200)
  expect(await again.jobs()).toEqual([])
})
