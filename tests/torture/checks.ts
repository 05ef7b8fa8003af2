import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { surfacesOf } from '../../electron/kinds'
import { dataPaths } from '../../electron/storage/paths'
import { keyFileKeeper } from '../../electron/vault/keepers'
import { verifyAudit } from '../../electron/audit/chain'
import { credentialRecords } from '../../electron/credentials/record'
import { parseVaultFile, recordsIn } from '../../electron/vault/vault-file'
import { AuditEntry, Rotation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { until } from '../support/until'
import type { TornKind } from './kind'
import { kinds, type World } from './world'
import type { Revealed } from './sinks'

/** How one rotation of a round ended, by the panel's own words; `nothing` when it had not begun. */
export type Ending = 'committed' | 'rolled-back' | 'nothing'

/** The rotations that a round asked for, by the service's kind. */
export type Asked = Partial<Record<TornKind, string>>

const same = (a: Revealed, b: Revealed) => a.password === b.password && a.token === b.token

/** What a round must find after each restart. Throws with the first thing that is lost; no secret is in its words. */
export async function checkWorld(
  world: World,
  asked: Asked,
  before: Record<TornKind, Revealed>,
): Promise<Partial<Record<TornKind, Ending>>> {
  const secrets = await world.secrets()
  const endings: Partial<Record<TornKind, Ending>> = {}
  for (const kind of kinds) {
    const operation = asked[kind]
    if (operation !== undefined) endings[kind] = await checkStory(world, kind, operation)
    const isNew = !same(secrets[kind], before[kind])
    const shouldBeNew = endings[kind] === 'committed'
    if (isNew !== shouldBeNew)
      throw new Error(`${kind}: the rotation is told as ${endings[kind] ?? 'none'}, but the vault says otherwise`)
  }
  await checkFiles(world, secrets)
  await checkVaultFile(world)
  await checkAudit(world)
  for (const kind of kinds) {
    const { drifted } = z.object({ drifted: z.number() }).parse(await world.panel().call('GET', `credentials/${kind}`))
    if (drifted !== 0) throw new Error(`${kind}: ${drifted} sinks drifted`)
  }
  for (const kind of kinds) await checkService(world, kind, { now: secrets[kind], before: before[kind] })
  await checkLeftovers(world)
  return endings
}

/** A service that lost its output with the panel may end at its next word: then it is started once more. */
async function checkService(world: World, kind: TornKind, secrets: { now: Revealed; before: Revealed }) {
  for (let tries = 1; ; tries++) {
    await world.servicesReady()
    try {
      await checkSurfaces(world, kind, secrets)
      return
    } catch (error) {
      if (!(error instanceof Problem && error.id === 'backend.unreachable') || tries === 3) throw error
      await world.panel().call('POST', `services/${kind}/probe`)
    }
  }
}

/** Every protected surface, asked for real: the vault's secret is let in, none and the one before are not. */
async function checkSurfaces({ urls }: World, kind: TornKind, { now, before }: { now: Revealed; before: Revealed }) {
  const signal = AbortSignal.timeout(20_000)
  const secretOf = ({ username, password, token }: Revealed) => ({ username, password, token: token || null })
  await Promise.all(
    surfacesOf(kind).map(async (asked) => {
      const { surface, expect } = asked
      if (asked.applies && !(await asked.applies(urls[kind], signal))) return
      const answers = [
        ['no secret', null, expect.none],
        ['the vault’s secret', secretOf(now), expect.right],
        ...(same(now, before) ? [] : [['the secret before', secretOf(before), expect.wrong] as const]),
      ] as const
      for (const [what, secret, wanted] of answers) {
        // Forge adds its API a moment after it listens; a service that has ended is not waited for.
        const got = await until(`${kind}’s ${surface}`, async () => {
          const answer = asked.ask(urls[kind], secret, signal)
          return answer.then(
            ({ status }) => status !== 404 && { status },
            (error: unknown) => ({ error }),
          )
        })
        if ('error' in got) throw got.error
        if (got.status !== wanted)
          throw new Error(`${kind}: ${surface} answers ${got.status} to ${what}, not ${wanted}`)
      }
    }),
  )
}

async function checkFiles({ plan }: World, secrets: Record<TornKind, Revealed>) {
  for (const { path: file, after } of plan.files) {
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== after(secrets)) throw new Error(`${path.basename(file)} is not as the vault has it, to the byte`)
  }
}

async function checkVaultFile({ data }: World) {
  const paths = dataPaths(data)
  const text = await readFile(paths.vault, 'utf8')
  const key = await keyFileKeeper(paths.vaultKey).unwrap(parseVaultFile(text).key)
  for (const { id, pending } of recordsIn(credentialRecords.schema, text, key))
    if (pending) throw new Error(`${id} has a pending secret still`)
}

const auditOf = ({ data }: World) => readFile(dataPaths(data).audit, 'utf8')

async function checkAudit(world: World) {
  const { damagedAt } = verifyAudit(await auditOf(world))
  if (damagedAt !== null) throw new Error(`the audit log is said to be damaged at line ${damagedAt}`)
}

const linesOf = (text: string): unknown[] =>
  text.split('\n').flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line)]
    } catch {
      return [] // a crash may have left half a line
    }
  })

const Step = z.object({ type: z.literal('step'), rotationId: z.string() })
const End = z.object({ type: z.literal('end'), rotation: Rotation })

/** The ids of the rotations that began, once for each step, and how those ended that did. */
async function readJournal({ data }: World) {
  const lines = linesOf(await readFile(dataPaths(data).rotations, 'utf8').catch(() => ''))
  return {
    steps: lines.flatMap((line) => Step.safeParse(line).data?.rotationId ?? []),
    ends: lines.flatMap((line) => End.safeParse(line).data?.rotation ?? []),
  }
}

/** The audit log and the journal say of one rotation that it began, how it ended, and (once) by whom. */
async function checkStory(world: World, kind: TornKind, operation: string): Promise<Ending> {
  const journal = await readJournal(world)
  const begun = journal.steps.includes(operation)
  const ends = journal.ends.filter(({ id }) => id === operation)
  const told = linesOf(await auditOf(world))
    .flatMap((line) => AuditEntry.safeParse(line).data ?? [])
    .filter(({ details }) => details['rotation'] === operation)
  if (!begun) {
    if (told.length > 0 || ends.length > 0) throw new Error(`${kind}: told of a rotation that never began`)
    return 'nothing'
  }
  const end = ends.at(-1)
  if (!end) throw new Error(`${kind}: the journal is not closed`)
  const [first, ...rest] = told.map(({ action }) => action)
  if (first !== 'rotation.started' || rest.length !== 1 || rest[0] !== `rotation.${end.state}`)
    throw new Error(`${kind}: ended as ${end.state}, but the audit tells: ${[first, ...rest].join(', ') || 'nothing'}`)
  if (end.state !== 'committed' && end.state !== 'rolled-back') throw new Error(`${kind}: the rotation ${end.state}`)
  const last = told.at(-1)
  if (last?.action === 'rotation.rolled-back' && !last.details['step']) throw new Error(`${kind}: no step is told`)
  if (
    last?.action === 'rotation.rolled-back' &&
    last.details['problem'] === 'rotation.interrupted' &&
    last.who !== 'regie'
  )
    throw new Error(`${kind}: it was ${last.who} who is said to have recovered it`)
  return end.state
}

/** No temporary file stands anywhere: not in the data folder, not beside a sink. */
async function checkLeftovers({ root }: World) {
  const temporary = async () => (await readdir(root, { recursive: true })).filter((name) => /\.tmp($|[-.])/.test(name))
  let left = await temporary()
  if (left.length === 0) return
  // The panel lives: what it is just writing is gone in a moment.
  const areGone = async () => {
    const now = await temporary()
    left = left.filter((name) => now.includes(name))
    return left.length === 0
  }
  await until('temporary files to go', areGone, 2_000).catch((error: unknown) => {
    throw new Error(`temporary files are left: ${left.join(', ')}`, { cause: error })
  })
}

/** Waits until the panel tells that nothing of the rounds goes on any more. */
export async function recovered(world: World, patienceMs = 60_000): Promise<void> {
  const isOver = async () => {
    for (const kind of kinds) {
      const rotation = Rotation.nullable().parse(await world.panel().call('GET', `credentials/${kind}/rotation`))
      if (rotation?.state === 'running') return false
    }
    const { steps, ends } = await readJournal(world)
    return steps.every((id) => ends.some((rotation) => rotation.id === id))
  }
  await until('what the crash left to be put in order', isOver, patienceMs)
}
