import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const Whole = z.object({ totalMiB: z.number() })
const Part = z.object({ mib: z.number() })

/** A made-up card that several simulators share, and what one of them takes of it. Memory is in MiB. */
export interface CardShare {
  /** A folder: `card.json` holds the card, every other file what one program holds. */
  folder: string
  /** With its models loaded. */
  takesMiB: number
  /** What it keeps when they are unloaded: its context. */
  keepsMiB: number
}

/** The card as the programs see it. */
export interface Card {
  /** Takes what the models need; false where there is not enough of it. */
  take(): boolean
  /** Gives all back but the context. */
  give(): void
  memory(): { totalMiB: number; freeMiB: number }
}

/** Without a card there is always room. */
const endless: Card = {
  take: () => true,
  give: () => undefined,
  memory: () => ({ totalMiB: 24_260, freeMiB: 24_260 }),
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code

const sleep = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** Looks and takes in one, whoever else does: a file that only one can make. */
function locked<T>(folder: string, work: () => T): T {
  const lock = path.join(folder, 'lock')
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx'))
      break
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
      // One that was killed while it held it.
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 2_000)
        rmSync(lock, { force: true })
      sleep(1)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

let opened = 0

/** Opens a share of a card; null: the program has a card that never fills up. */
export function openCard(share: CardShare | null): Card {
  if (!share) return endless
  const { folder, takesMiB, keepsMiB } = share
  mkdirSync(folder, { recursive: true })
  const own = `${process.pid}-${(opened += 1)}.json`
  const read = <Shape>(shape: z.ZodType<Shape>, file: string): Shape =>
    shape.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
  const total = () => read(Whole, 'card.json').totalMiB
  /** What the others hold; a program that has ended gives all of it back. */
  const others = () =>
    readdirSync(folder)
      .filter((file) => /^\d+-\d+\.json$/.test(file) && file !== own)
      .filter((file) => isAlive(Number(file.split('-')[0])))
      .reduce((sum, file) => sum + read(Part, file).mib, 0)
  const write = (mib: number) => writeFileSync(path.join(folder, own), JSON.stringify({ pid: process.pid, mib }))
  let mine = 0
  return {
    take: () =>
      mine === takesMiB ||
      locked(folder, () => {
        if (others() + takesMiB > total()) return false
        write((mine = takesMiB))
        return true
      }),
    give: () => locked(folder, () => write((mine = keepsMiB))),
    memory: () => locked(folder, () => ({ totalMiB: total(), freeMiB: total() - others() - mine })),
  }
}
