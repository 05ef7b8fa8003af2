// @ts-check
// What a generation asks of a panel at the least, by node alone: takes an order, keeps a picture so that no loss of power
// takes it away, and hands it out. Prints its port. `npm run bench -- start` measures how long that takes from its start.
import { randomUUID } from 'node:crypto'
import { mkdtemp, open, readFile, rename } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

const [, , within = tmpdir()] = process.argv

async function keep(/** @type {Buffer} */ bytes) {
  const folder = await mkdtemp(path.join(within, 'least-'))
  const file = path.join(folder, 'picture')
  const handle = await open(`${file}.tmp`, 'wx')
  await handle.writeFile(bytes)
  await handle.datasync()
  await handle.close()
  await rename(`${file}.tmp`, file)
  const place = await open(folder)
  await place.sync()
  await place.close()
  return file
}

/** @type {Map<string, string>} */
const kept = new Map()

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const pieces = []
  request.on('data', (/** @type {Buffer} */ piece) => pieces.push(piece))
  request.on('end', async () => {
    const file = kept.get(request.url ?? '')
    if (request.method === 'GET' && file !== undefined) response.end(await readFile(file))
    else if (request.url === '/keep') {
      const name = `/${randomUUID()}`
      kept.set(name, await keep(Buffer.concat(pieces)))
      response.end(name)
    } else response.end('{}')
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
