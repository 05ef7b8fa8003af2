import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { reason } from '../../../shared/problems'
import { dockerFolder, type ChosenContext, type DockerContext, type Surroundings } from './candidates'

/** https://github.com/docker/cli/blob/master/cli/config/configfile/file.go */
const ConfigFile = z.object({ currentContext: z.string().optional() })

/** https://github.com/docker/cli/blob/master/cli/context/store/metadatastore.go */
const MetaFile = z.object({
  Name: z.string(),
  Endpoints: z.object({
    docker: z.object({ Host: z.string().default(''), SkipTLSVerify: z.boolean().default(false) }),
  }),
})

type Read<T> = { found: 'nothing' } | { found: 'content'; content: T } | { found: 'broken'; why: string }

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<Read<T>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : { code }
  })
  if (text === null) return { found: 'nothing' }
  if (typeof text !== 'string') return { found: 'broken', why: text.code }
  try {
    const parsed = schema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')))
    if (parsed.success) return { found: 'content', content: parsed.data }
    return { found: 'broken', why: z.prettifyError(parsed.error).split('\n', 1)[0] ?? '' }
  } catch {
    // The parser's own words would quote the file, which may hold registry logins.
    return { found: 'broken', why: 'not JSON' }
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

/** Reads the context that Docker's programs would use. Files that cannot be read become a problem, never a crash. */
export async function readChosenContext(where: Surroundings): Promise<ChosenContext> {
  const folder = dockerFolder(where)
  const byEnvironment = where.env['DOCKER_CONTEXT'] ?? ''
  if (byEnvironment !== '') {
    if (byEnvironment === 'default') return null
    return { name: byEnvironment, by: 'DOCKER_CONTEXT', ...(await readContext(folder, byEnvironment)) }
  }
  const file = path.join(folder, 'config.json')
  const config = await readJson(file, ConfigFile)
  switch (config.found) {
    case 'nothing':
      return null
    case 'broken':
      return { name: file, by: 'config', problem: reason('docker.config-broken', { file, why: config.why }) }
    case 'content': {
      const name = config.content.currentContext ?? ''
      if (name === '' || name === 'default') return null
      return { name, by: 'config', ...(await readContext(folder, name)) }
    }
  }
}

async function readContext(
  folder: string,
  name: string,
): Promise<{ context: DockerContext } | { problem: ReturnType<typeof reason> }> {
  const digest = createHash('sha256').update(name).digest('hex')
  const file = path.join(folder, 'contexts', 'meta', digest, 'meta.json')
  const meta = await readJson(file, MetaFile)
  switch (meta.found) {
    case 'nothing':
      return { problem: reason('docker.context-missing', { name }) }
    case 'broken':
      return { problem: reason('docker.config-broken', { file, why: meta.why }) }
    case 'content': {
      const { Host: host, SkipTLSVerify: skipTlsVerify } = meta.content.Endpoints.docker
      const certFolder = path.join(folder, 'contexts', 'tls', digest, 'docker')
      const [ca, cert, key] = await Promise.all(
        ['ca.pem', 'cert.pem', 'key.pem'].map((one) => exists(path.join(certFolder, one))),
      )
      const files = { ca: ca ?? false, cert: cert ?? false, key: key ?? false }
      return { context: { host, skipTlsVerify, certFolder, files } }
    }
  }
}
