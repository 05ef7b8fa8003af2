// A Forge that takes its login as an argument, as the real one does: `given.mjs SIMULATOR FOLDER PORT --api-auth USER:PASSWORD`.
// It notes what it was given by hashes, and prints the rest of its environment.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , simulator = '', folder = '', port = '', , login = ''] = process.argv
const [user, password] = login.split(':')
writeFileSync(path.join(folder, '.env'), `FORGE_USER=${user}\nFORGE_PASSWORD=${password}\n`)
const hashOf = (/** @type {string | undefined} */ text) =>
  createHash('sha256')
    .update(text ?? '')
    .digest('hex')
const token = process.env['HF_TOKEN']
writeFileSync(path.join(folder, 'given.json'), JSON.stringify({ password: hashOf(password), token: hashOf(token) }))
console.log(`logging in to the hub with ${token} as ${login}`)
process.argv.splice(2, process.argv.length, 'forge', '--port', port, '--folder', folder)
await import(pathToFileURL(simulator).href)
