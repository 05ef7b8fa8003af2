import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { PresetContent, type AccountId, type Generation, type Preset, type UsedPrompt } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Database } from '../storage/database'
import type { GenerationStore } from './store'

/** So many presets an account keeps at most. */
const mostPresets = 500
/** And so much in all, in characters: they are sent and looked through as one. */
const mostKept = 8 * 2 ** 20

/** What is looked through for prompts: pages of the store, newest first. */
const historyPage = 200
const historyPages = 5

const Name = z.object({ name: z.string() })
const Brief = z.object({ id: z.string(), name: z.string(), length: z.number() })
const Row = z.object({ id: z.string(), name: z.string(), content: z.string(), changed_at: z.number() })

const readPreset = (row: unknown): Preset => {
  const { id, name, content, changed_at } = Row.parse(row)
  return { id, name, content: PresetContent.parse(JSON.parse(content)), changedAt: changed_at }
}

/** What each account keeps of the Studio's form. Calls throw a Problem for what is not its own. */
export interface Presets {
  list(account: AccountId): Preset[]
  /** Throws where the name is taken. */
  save(account: AccountId, preset: Pick<Preset, 'name' | 'content'>): Preset
  change(account: AccountId, id: string, change: Partial<Pick<Preset, 'name' | 'content'>>): Preset
  /** Returns what it was, so that it can be kept again. */
  remove(account: AccountId, id: string): Preset
  /** Names of presets, of whatever account, in which a file of a model is named. */
  naming(file: string): string[]
  /** Every checkpoint that a preset, of whatever account, names for a service. */
  checkpoints(): { name: string; serviceId: string; checkpoint: string }[]
}

export function createPresets(database: Database): Presets {
  const prepared = {
    list: database.prepare('SELECT * FROM presets WHERE account = ? ORDER BY name COLLATE NOCASE'),
    briefs: database.prepare('SELECT id, name, length(content) AS length FROM presets WHERE account = ?'),
    find: database.prepare('SELECT * FROM presets WHERE account = ? AND id = ?'),
    put: database.prepare(
      'INSERT OR REPLACE INTO presets (id, account, name, content, changed_at) VALUES (?, ?, ?, ?, ?)',
    ),
    remove: database.prepare('DELETE FROM presets WHERE account = ? AND id = ?'),
    all: database.prepare('SELECT * FROM presets'),
    naming: database.prepare('SELECT name FROM presets WHERE instr(content, ?) > 0 ORDER BY name LIMIT 50'),
  }
  const list = (account: AccountId) => prepared.list.all(account).map(readPreset)
  const find = (account: AccountId, id: string): Preset => {
    const row = prepared.find.get(account, id)
    if (row === undefined) throw new Problem('preset.not-found', { id })
    return readPreset(row)
  }
  const put = (account: AccountId, { id, name, content }: Omit<Preset, 'changedAt'>): Preset => {
    const written = JSON.stringify(content)
    const others = prepared.briefs
      .all(account)
      .map((row) => Brief.parse(row))
      .filter((one) => one.id !== id)
    if (others.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw new Problem('preset.name-taken', { name })
    if (others.length >= mostPresets) throw new Problem('preset.too-many', { limit: mostPresets })
    if (others.reduce((sum, { length }) => sum + length, written.length) > mostKept)
      throw new Problem('preset.too-much')
    const changedAt = Date.now()
    prepared.put.run(id, account, name, written, changedAt)
    return { id, name, content, changedAt }
  }
  return {
    list,
    save: (account, preset) => put(account, { id: randomUUID(), ...preset }),
    change: (account, id, change) => put(account, { ...find(account, id), ...change }),
    remove(account, id) {
      const preset = find(account, id)
      prepared.remove.run(account, id)
      return preset
    },
    checkpoints: () =>
      prepared.all.all().flatMap((row) => {
        const { name, content } = readPreset(row)
        const { perService, edit } = content
        const given = Object.entries(perService).map(([serviceId, { checkpoint }]) => ({ serviceId, checkpoint }))
        if (edit?.serviceId) given.push({ serviceId: edit.serviceId, checkpoint: edit.params.checkpoint })
        return given.flatMap(({ serviceId, checkpoint }) => (checkpoint ? [{ name, serviceId, checkpoint }] : []))
      }),
    naming: (file) => prepared.naming.all(file).flatMap((row) => Name.safeParse(row).data?.name ?? []),
  }
}

const usedPrompt = (generation: Generation): UsedPrompt => ({
  prompt: generation.params.prompt,
  negativePrompt: generation.params.negativePrompt ?? '',
  generationId: generation.id,
  serviceId: generation.serviceId,
  model: generation.params.checkpoint ?? null,
  imageId: generation.images[0]?.id ?? null,
  totalMs: generation.timings.totalMs,
  at: generation.createdAt,
  favourite: generation.favourite ?? false,
})

/** The prompts that an account used last, each once, with what it made last; one that made an image stands before one that failed. */
export function promptHistory(store: Pick<GenerationStore, 'page'>, account: AccountId, limit: number): UsedPrompt[] {
  const found = new Map<string, UsedPrompt>()
  let cursor: string | undefined
  for (let page = 0; page < historyPages; page += 1) {
    const { items, nextCursor } = store.page({ limit: historyPage, by: account, reader: account, cursor })
    for (const item of items) {
      // Of a workflow without a prompt it is what the workflow is called.
      if (item.params.prompt === item.workflowName) continue
      const used = usedPrompt(item)
      const key = JSON.stringify([used.prompt.trim(), used.negativePrompt.trim()])
      const before = found.get(key)
      if (!before) found.set(key, used)
      else if (before.imageId === null && used.imageId !== null) found.set(key, { ...used, at: before.at })
    }
    if (found.size >= limit || nextCursor === null) break
    cursor = nextCursor
  }
  return [...found.values()].slice(0, limit)
}
