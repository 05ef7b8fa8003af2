import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { empty, json, type Reply } from '../http/reply'
import type { Call } from '../http/server'
import { isInside } from './files'

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
        ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: await readFile(file) }
        : empty(404)
    case 'POST':
      if (existsSync(file) && call.query.get('overwrite') === 'false') return empty(409)
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
  if (existsSync(to) && call.query.get('overwrite') === 'false') return empty(409)
  await mkdir(path.dirname(to), { recursive: true })
  await rename(from, to)
  return json(name)
}
