import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { canInstall } from '../prepare.mjs'

const run = promisify(execFile)

interface Release {
  version: string
  /** The Debian suite that has it: the newest only for as long as nothing newer takes its place. */
  suite: 'trixie' | 'sid'
  sha256: Partial<Record<string, string>>
}

/** The releases to test with, the preferred one first; by Debian's name of the architecture. */
const releases: readonly Release[] = [
  {
    version: '2.40.3-3',
    suite: 'sid',
    sha256: {
      amd64: 'e7603d5e6df0f8404f7b03da478022b87d7b50644cffe68884b071e5cfc17fd3',
      arm64: 'a7c33f38d80c4fad61d426fd47e0b7f1e81ad4a643e4e4cee3401e6f8638d359',
    },
  },
  {
    version: '2.26.1-4',
    suite: 'trixie',
    sha256: {
      amd64: '47681197cb2b1ab88206b42a1a92fc75f50d9530a6322d03494a473eed0408ea',
      arm64: 'bbafaa666f3e7fa00ad36f2a8bab889f1c791ca8743d674e7267a3d07203869c',
    },
  },
]

/** Where a release lies once it was fetched: beside the other things that only this checkout needs. */
const cache = path.resolve(import.meta.dirname, '../../../node_modules/.cache/regie-compose-2')

const architecture = (): string => (process.arch === 'x64' ? 'amd64' : process.arch)

/** What this machine's own apt sources say, with the name of another suite: no address stands in the project. */
async function sourcesOf(suite: string): Promise<string> {
  const folder = '/etc/apt/sources.list.d'
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sources'))
  for (const name of files) {
    const paragraphs = (await readFile(path.join(folder, name), 'utf8')).split(/\n{2,}/)
    // The archive itself, and not its security updates, which have a place of their own.
    const archive = paragraphs.find((text) => /^URIs:.*\/debian\/?$/m.test(text))
    if (archive) return `${archive.replace(/^#.*\n?/gm, '').replace(/^Suites:.*$/m, `Suites: ${suite}`)}\n`
  }
  throw new Error('no apt source of this machine names the Debian archive')
}

/** Downloads a release with apt, compares its hash and unpacks the plugin into `to`. Throws with the reason. */
async function fetchRelease({ version, suite, sha256 }: Release, to: string): Promise<void> {
  const expected = sha256[architecture()]
  if (expected === undefined) throw new Error(`no hash of Compose ${version} is known for ${architecture()}`)
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'regie-compose-2-'))
  try {
    const sources = path.join(scratch, `${suite}.sources`)
    await writeFile(sources, await sourcesOf(suite))
    await mkdir(path.join(scratch, 'lists', 'partial'), { recursive: true })
    const options = [
      `Dir::Etc::sourcelist=${sources}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::Lists=${path.join(scratch, 'lists')}`,
      'Dir::Cache::pkgcache=',
      'Dir::Cache::srcpkgcache=',
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option])
    await run('apt-get', [...options, '-qq', 'update'])
    await run('apt-get', [...options, '-qq', 'download', `docker-compose=${version}`], { cwd: scratch })
    const name = (await readdir(scratch)).find((file) => file.endsWith('.deb'))
    if (name === undefined) throw new Error('apt-get downloaded nothing')
    const found = createHash('sha256')
      .update(await readFile(path.join(scratch, name)))
      .digest('hex')
    if (found !== expected) throw new Error(`the package of Compose ${version} has the hash ${found}`)
    await run('dpkg-deb', ['-x', name, 'unpacked'], { cwd: scratch })
    await mkdir(path.dirname(to), { recursive: true })
    // Under its own name only when it is whole: another run may be looking.
    const partial = `${to}.${process.pid}`
    await copyFile(path.join(scratch, 'unpacked/usr/libexec/docker/cli-plugins/docker-compose'), partial)
    await rename(partial, to)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

export interface PreparedCompose {
  /** What the tests' processes must find in their environment. */
  env: Record<string, string>
  /** One line for people. */
  says: string
}

const hasPlugin = () => spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0

/**
 * Makes sure that `docker compose` answers, the generation that users have: the machine's own plugin where there is
 * one, else, on Debian as root, a release of a newer Debian in a Docker configuration folder of the tests' own. The
 * groups of tests that need it are skipped where that fails, and `says` tells the reason.
 */
export async function prepareComposeTwo(): Promise<PreparedCompose> {
  if (hasPlugin()) return { env: {}, says: "Using this machine's own Compose plugin." }
  if (!canInstall())
    return { env: {}, says: 'Without Compose 2: there is no plugin, and only Debian can be given one.' }
  const reasons: string[] = []
  for (const release of releases) {
    const folder = path.join(cache, release.version)
    const plugin = path.join(folder, 'cli-plugins', 'docker-compose')
    try {
      if (!existsSync(plugin)) await fetchRelease(release, plugin)
      return { env: { DOCKER_CONFIG: folder }, says: `Using Compose ${release.version}.` }
    } catch (error) {
      reasons.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
    }
  }
  return { env: {}, says: `Without Compose 2: ${reasons.join('; ')}` }
}
