import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { empty, json as plainJson, text, type Reply } from '../http/reply'
import type { Call } from '../http/server'
import { isInside } from './files'

const json = (value: unknown) => plainJson(value, 200, 'application/json; charset=utf-8')

const types: Record<string, string> = { '.json': 'application/json', '.js': 'text/javascript', '.css': 'text/css' }

/** `/userdata?dir=`: the files of one folder. */
export async function listUserdata(call: Call, folder: string): Promise<Reply> {
  const asked = call.query.get('dir') ?? ''
  if (asked === '') return text(400, 'Directory not provided')
  const base = path.join(folder, 'user', 'default')
  const place = path.resolve(base, asked)
  if (!isInside(base, place)) return empty(403)
  const entries = await readdir(place, { withFileTypes: true }).catch(() => null)
  if (!entries) return text(404, 'Directory not found')
  return json(entries.filter((entry) => entry.isFile()).map(({ name }) => name))
}

/** `/v2/userdata`: files and folders of the user's folder. */
export async function listUserdataV2(folder: string): Promise<Reply> {
  const base = path.join(folder, 'user', 'default')
  const entries = await readdir(base, { withFileTypes: true })
  const described = entries.map(async (entry) => {
    const about = { name: entry.name, path: entry.name }
    if (entry.isDirectory()) return { ...about, type: 'directory' }
    const { size, mtimeMs } = await stat(path.join(base, entry.name))
    return { ...about, type: 'file', size, modified: mtimeMs / 1000 }
  })
  return json(await Promise.all(described))
}

/** `/userdata/{file}` and its move: files of the web interface, such as saved workflows. */
export async function userdata(call: Call, folder: string, rest: string): Promise<Reply> {
  const base = path.join(folder, 'user', 'default')
  const [from = '', to] = rest.split('/move/')
  const place = (name: string) => {
    const file = path.resolve(base, name)
    return isInside(base, file) && file !== base ? file : null
  }
  const file = place(from)
  if (!file) return empty(403)
  if (to !== undefined) return call.method === 'POST' ? move(call, file, place(to), to) : empty(405)
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return existsSync(file)
        ? {
            status: 200,
            headers: { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' },
            body: await readFile(file),
          }
        : empty(404)
    case 'POST':
      if (existsSync(file) && call.query.get('overwrite') === 'false') return text(409, 'File already exists')
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, await call.body())
      return json(from)
    case 'DELETE':
      if (!existsSync(file)) return empty(404)
      await rm(file)
      return { status: 204, headers: {}, body: '' }
    default:
      return empty(405)
  }
}

async function move(call: Call, from: string, to: string | null, name: string): Promise<Reply> {
  if (!to) return empty(403)
  if (!existsSync(from)) return empty(404)
  if (existsSync(to) && call.query.get('overwrite') === 'false') return text(409, 'File already exists')
  await mkdir(path.dirname(to), { recursive: true })
  await rename(from, to)
  return json(name)
}
