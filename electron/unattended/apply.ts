import { spawn } from 'node:child_process'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import { encodePassphrase } from './passphrase'
import { besideSealed, mark, type Call, type Plan } from './plan'

/** How a call ended. */
export interface Ended {
  code: number
  /** What it printed, cut. */
  output: string
}

export type Run = (call: Call, input?: string) => Promise<Ended>

const longestOutput = 4000

/** Runs one of the system's programs; a program that is not there ends with code 127. */
export const runProgram: Run = ({ file, args }, input) =>
  new Promise((resolve) => {
    const child = spawn(file, [...args], { stdio: 'pipe', windowsHide: true })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(0, longestOutput)
      })
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim() }))
    // It may end before it has read all.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })

/** A call as a person would type it. */
export const shown = ({ file, args }: Call): string =>
  [file, ...args].map((word) => (/^[\w%+,./:=@\\-]+$/.test(word) ? word : `"${word}"`)).join(' ')

const failure = (call: Call, { code, output }: Ended): Error =>
  new Error(`${shown(call)}\nended with code ${code}${output === '' ? '.' : `: ${output}`}`)

const bytesOf = ({ content, encoding }: Plan['file']): Buffer => Buffer.from(content, encoding)

/**
 * What lies where the plan's file is to lie; null for nothing. Throws an Error where that, or what the manager itself
 * keeps under the name, is not Regie's.
 */
export async function findInstalled(plan: Plan, run: Run = runProgram): Promise<Buffer | null> {
  const found = await readIfPresent(plan.file.path)
  if (found !== null && !found.toString(plan.file.encoding).includes(mark))
    throw new Error(`${plan.file.path} is there and was not written by Regie. Move it away first.`)
  if (plan.kept !== null) {
    const { code, output } = await run(plan.kept)
    if (code === 0 && !output.replaceAll('&quot;', '"').includes(mark))
      throw new Error(`There is a task named ${plan.name} that Regie did not make. Rename or remove it first.`)
  }
  return found
}

/**
 * Carries the plan out. Where one of its calls fails, what was written is taken back, a former installation of Regie's
 * put back in its place, and an Error thrown that says which call it was and what it said.
 */
export async function install(plan: Plan, passphrase: string | null, run: Run = runProgram): Promise<void> {
  const former = await findInstalled(plan, run)
  const unseal = await seal(plan, passphrase, run)
  try {
    await mkdir(path.dirname(plan.file.path), { recursive: true })
    await writeFileAtomic(plan.file.path, bytesOf(plan.file))
    for (const call of plan.install) await attempt(call, run)
  } catch (error) {
    if (former === null) await remove(plan, run)
    else await writeFileAtomic(plan.file.path, former)
    await unseal()
    // It ran before, and goes on as it was.
    if (former !== null) for (const call of plan.install) await run(call)
    throw error
  }
}

/** Has the system keep the passphrase; resolves with what puts back what was kept before. */
async function seal(
  { seal: call, sealedFile }: Plan,
  passphrase: string | null,
  run: Run,
): Promise<() => Promise<void>> {
  if (call === null || passphrase === null) return () => Promise.resolve()
  const former = sealedFile === null ? null : await readIfPresent(sealedFile)
  const putBack = async () => {
    if (sealedFile === null) return
    if (former === null) await rm(sealedFile, { force: true })
    else await writeFileAtomic(sealedFile, former)
  }
  if (sealedFile !== null) {
    await mkdir(path.dirname(sealedFile), { recursive: true, mode: 0o700 })
    // What a killed installation left: systemd-creds writes no file over another.
    await rm(besideSealed(sealedFile), { force: true })
  }
  try {
    await attempt(call, run, call.input?.(encodePassphrase(passphrase)))
    if (sealedFile !== null) await rename(besideSealed(sealedFile), sealedFile)
  } catch (error) {
    if (sealedFile !== null) await rm(besideSealed(sealedFile), { force: true })
    throw error
  }
  return putBack
}

async function attempt(call: Call, run: Run, input?: string): Promise<void> {
  const ended = await run(call, input)
  if (ended.code !== 0 && !call.mayFail) throw failure(call, ended)
}

async function remove(plan: Plan, run: Run): Promise<void> {
  for (const call of plan.uninstall) await attempt(call, run)
  await rm(plan.file.path, { force: true })
  if (plan.sealedFile !== null) await rm(plan.sealedFile, { force: true })
  if (plan.manager === 'systemd') await run({ file: 'systemctl', args: ['--user', 'daemon-reload'] })
}

/** Takes away what was installed. False where nothing was. Throws an Error where it is not Regie's. */
export async function uninstall(plan: Plan, run: Run = runProgram): Promise<boolean> {
  const found = await findInstalled(plan, run)
  if (found === null) return false
  await remove(plan, run)
  return true
}
