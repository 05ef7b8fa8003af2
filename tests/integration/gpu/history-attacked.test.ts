import { mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { GpuHistory } from '../../../shared/contract'
import { writeGpuPast } from '../../support/gpu-past'
import { replayedGpus, startHeadless, type HeadlessPanel } from '../../support/headless'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const hour = 3_600_000
const day = 24 * hour
const card = 'GPU-00000000-0000-1111-2222-333344445555'
const last = 8.64e15

/** What a question about a card's past comes to: its status, and its answer where that is the contract's. */
async function asked(panel: HeadlessPanel, query: string, uuid = card) {
  const answer = await panel.rest(`/gpus/${uuid}/history?${query}`)
  const body: unknown = await answer.json()
  return { status: answer.status, body, history: answer.status === 200 ? GpuHistory.parse(body) : null }
}

test('absurd times, points and uuids are answered or refused in words, and never by a fault', async () => {
  await using folder = await temporaryFolder('regie-gpu-attacked')
  await writeGpuPast({ data: folder.path, uuids: [card], forMs: 2 * hour })
  const panel = await startHeadless({ data: folder.path, env: replayedGpus('eight') })
  try {
    const now = Date.now()
    const refused = [
      ...['from=-1', 'to=-1', 'from=0', 'from=1&points=2000', `from=0&to=${32 * day}`, 'from=2&to=1', 'from=1.5'],
      ...['from=1e308', 'from=NaN', 'from=Infinity', 'from=%00', 'from=1&from=2', 'from[]=1', `from=${now - 32 * day}`],
      ...[`from=${last + 1}`, `to=${Number.MAX_SAFE_INTEGER}`, `from=${Number.MAX_SAFE_INTEGER}`],
      ...['points=0', 'points=9', 'points=2001', 'points=-5', 'points=1e9', 'points=10.5', 'points=abc'],
    ]
    for (const query of refused) expect([query, (await asked(panel, query)).status]).toEqual([query, 400])

    const answered = [
      ...['', 'to=0', 'to=1', 'from=0&to=1', `to=${last}`, `from=${last}`, `from=${last - 1}&to=${last}`],
      ...[`from=${now + 900 * day}`, `from=${now - 1}&to=${now}&points=2000`, `from=${now - 30 * day}&points=2000`],
    ]
    for (const query of answered) {
      const { status, history } = await asked(panel, query)
      expect([query, status]).toEqual([query, 200])
      expect(history?.times.length).toBeLessThanOrEqual(2001)
      expect(history?.gaps.filter(({ from, to }) => to < from)).toEqual([])
    }

    const strange = [
      '..%2F..%2Fetc%2Fpasswd',
      '%00',
      '__proto__',
      'constructor',
      '%F0%9F%92%A9',
      "'%3B%20DROP%20TABLE--",
    ]
    for (const uuid of strange)
      expect((await asked(panel, '', uuid)).body).toMatchObject({ status: 404, data: { problem: 'gpu.no-history' } })
    expect((await asked(panel, '', 'a'.repeat(201))).status).toBe(400)
    expect((await asked(panel, '')).status).toBe(200)
  } finally {
    await panel.stop()
  }
})

describe('a database of the past that cannot be used', () => {
  const spoilt = [
    ['is garbage', (file: string) => writeFile(file, 'x'.repeat(100_000))],
    ['was torn in the middle', async (file: string) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ] as const
  test.each(spoilt)('%s: it is put aside, the panel starts and records anew', async (_, spoil) => {
    await using folder = await temporaryFolder('regie-gpu-spoilt')
    await writeGpuPast({ data: folder.path, uuids: [card], forMs: 2 * hour })
    await spoil(path.join(folder.path, 'gpus.db'))
    const panel = await startHeadless({ data: folder.path, env: replayedGpus('eight') })
    try {
      await until('the cards are shown', async () => (await panel.client.gpus.list()).length === 8)
      await until('it records again', async () => (await asked(panel, '')).status === 200, 30_000)
    } finally {
      await panel.stop()
    }
  })

  test('is a folder: the start says so', async () => {
    await using folder = await temporaryFolder('regie-gpu-spoilt')
    await mkdir(path.join(folder.path, 'gpus.db'))
    await expect(startHeadless({ data: folder.path, env: replayedGpus('eight') })).rejects.toThrow(
      /gpus\.db is a folder/,
    )
  })

  test('is deleted while the panel runs: it goes on, and the next start begins anew', async () => {
    await using folder = await temporaryFolder('regie-gpu-deleted')
    await writeGpuPast({ data: folder.path, uuids: [card], forMs: 2 * hour })
    const options = { data: folder.path, env: replayedGpus('eight') }
    const panel = await startHeadless(options)
    try {
      expect((await asked(panel, '')).status).toBe(200)
      for (const end of ['', '-wal', '-shm']) await rm(path.join(folder.path, `gpus.db${end}`), { force: true })
      expect((await asked(panel, '')).status).toBe(200)
    } finally {
      await panel.stop()
    }
    const again = await startHeadless(options)
    try {
      await until('it records again', async () => (await asked(again, '')).status === 200, 30_000)
    } finally {
      await again.stop()
    }
  })
})
