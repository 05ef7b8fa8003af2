import { compareSync, hashSync } from 'bcryptjs'
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { Diagnosis, type DoctorAct, type DoctorFix } from '../../../shared/contract'
import { freePort } from '../../support/ports'
import type { RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

/** A password and its hash, at bcrypt's lowest cost. The salt begins with a letter, as four of five do. */
export function pair(password = `p${randomBytes(12).toString('hex')}`): { password: string; token: string } {
  const token = hashSync(password, `$2b$04$Iv${randomBytes(10).toString('hex')}`)
  if (!compareSync(password, token)) throw new Error('a salt that bcrypt does not take')
  return { password, token }
}

/** Ports that were given to a test already, though nothing may listen there yet. */
const given = new Set<number>()

async function ownPort(): Promise<number> {
  const port = await freePort()
  if (given.has(port)) return ownPort()
  given.add(port)
  return port
}

const behaviour = { stepMs: 0, loadMs: 0, preview: 'none' }

/** What a test does to a panel, over REST as an administrator. */
export function doctorApi(running: RunningPanel, simulator: string) {
  const rest = async (method: string, at: string, body?: unknown) => {
    const answer = await running.rest(method, at, body)
    if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const diagnose = async (id: string) => Diagnosis.parse(await rest('POST', `services/${id}/diagnose`))

  /** Does what the page does for an act that is no mere way to another page. */
  async function act(one: DoctorAct): Promise<void> {
    switch (one.kind) {
      case 'sync':
        await rest('POST', `credentials/${one.credentialId}/sync`, one.sinkId === null ? {} : { sinkId: one.sinkId })
        return
      case 'adopt':
        await rest('POST', `credentials/${one.credentialId}/adopt`, { sinkId: one.sinkId })
        return
      case 'adopt-live':
        await rest('POST', `services/${one.serviceId}/diagnose/adopt`, { fingerprint: one.fingerprint })
        return
      case 'start':
      case 'restart':
      case 'recreate':
        await rest('POST', `services/${one.serviceId}/${one.kind}`)
        return
      case 'lint-fix':
        await rest('POST', `services/${one.serviceId}/lint/fix`, { fixes: one.fixes, files: one.files })
        return
      case 'address':
        await rest('PATCH', `services/${one.serviceId}`, { url: one.url })
        return
      case 'rotate':
      case 'connection':
      case 'unlock':
      case 'logs':
        throw new Error(`${one.kind} is a person's to do`)
    }
  }
  const apply = async ({ acts }: DoctorFix) => {
    for (const one of acts) await act(one)
  }

  let count = 0
  /** A folder of its own, and a service that Regie runs in it as a native program, with a credential and its sinks. */
  async function program(
    kind: 'comfyui' | 'forge',
    { args = [], starts = true, credential = {}, inFront }: Setup = {},
  ): Promise<Patient> {
    const id = `patient-${++count}`
    const folder = path.join(running.dataFolder, 'stacks', id)
    await mkdir(path.join(folder, 'login'), { recursive: true })
    await writeFile(path.join(folder, 'behaviour.json'), JSON.stringify(behaviour))
    const secret = pair()
    const login = path.join(folder, 'login', 'PASSWORD')
    const env = path.join(folder, '.env')
    await rest('POST', 'credentials', {
      id,
      username: 'ann',
      ...(kind === 'comfyui'
        ? { scheme: 'comfyui-login', ...secret, sinks: [{ type: 'comfyui-login', path: login }] }
        : {
            scheme: 'basic',
            password: secret.password,
            sinks: [
              { type: 'env', path: env, key: 'FORGE_USER', field: 'username' },
              { type: 'env', path: env, key: 'FORGE_PASSWORD', field: 'password' },
            ],
          }),
      ...credential,
    })
    const port = await ownPort()
    const own = `http://127.0.0.1:${port}`
    const front = inFront ? await ownPort() : port
    const words = [kind, '--folder', folder, '--port', String(port), '--behaviour', path.join(folder, 'behaviour.json')]
    await rest('POST', 'services', {
      id,
      kind,
      runtime: 'process',
      url: `http://127.0.0.1:${front}`,
      credentialId: id,
      process: { command: process.execPath, args: [simulator, ...words, ...args] },
    })
    const start = () => rest('POST', `services/${id}/start`)
    const restart = () => rest('POST', `services/${id}/restart`)
    const started = starts ? start() : Promise.resolve()
    if (inFront) {
      // A start is refused where something answers already.
      await until(`${id} to answer`, () => fetch(own).then(() => true))
      await inFront(own, front)
    }
    await started
    return { id, folder, login, env, own, ...secret, start, restart }
  }

  return { rest, diagnose, apply, program, folder: path.join(running.dataFolder, 'other') }
}

export interface Setup {
  args?: string[]
  starts?: boolean
  /** In place of parts of the usual credential. */
  credential?: Record<string, unknown>
  /** What answers at the address that Regie is given, while the program answers at its own. */
  inFront?: (own: string, port: number) => Promise<unknown>
}

export interface Patient {
  id: string
  folder: string
  login: string
  env: string
  /** The program's own address. */
  own: string
  password: string
  token: string
  start: () => Promise<unknown>
  restart: () => Promise<unknown>
}

/** The named finding, after it was made sure that the diagnosis holds no secret. */
export function namedIn(diagnosis: Diagnosis, secrets: readonly string[]) {
  const text = JSON.stringify(diagnosis)
  for (const secret of secrets) {
    expect(text.includes(secret)).toBe(false)
    expect(text.includes(secret.slice(7, 27))).toBe(false)
  }
  return diagnosis.findings.find(({ state }) => state === 'cause')
}
