import path from 'node:path'
import * as z from 'zod'
import type { Ended } from '../../shared/contract'
import { withoutEnded } from '../people'
import { readIfPresent } from '../storage/files'
import type { DataPaths } from '../storage/paths'

/** What a backup would bring back that was ended since, and its files without that, by their names in the data folder. */
export interface Revived {
  ended: Ended[]
  files: { name: string; text: string }[]
}

/**
 * Whether a log goes on from another one. It is only ever added to, so that what the folder holds now came of the state
 * in which the earlier one was.
 */
function goesOnFrom(now: Buffer | null, before: Buffer | null): boolean {
  if (now === null || before === null) return false
  // The last line may be half there.
  const whole = before.lastIndexOf('\n') + 1
  return whole > 0 && now.subarray(0, whole).equals(before.subarray(0, whole))
}

const Config = z.looseObject({ metricsToken: z.looseObject({ hash: z.string() }).nullish() })

function parsedConfig(bytes: Buffer | null) {
  try {
    return Config.safeParse(JSON.parse(bytes?.toString('utf8') ?? '')).data ?? null
  } catch {
    return null
  }
}

/** The configuration of the backup with the token of the metrics as it is now; null where that is no other. */
function configWithout(before: Buffer | null, now: Buffer | null): { text: string; ended: Ended } | null {
  const [was, is] = [parsedConfig(before), parsedConfig(now)]
  if (!was?.metricsToken || !is || was.metricsToken.hash === is.metricsToken?.hash) return null
  return {
    text: `${JSON.stringify({ ...was, metricsToken: is.metricsToken ?? null }, undefined, '\t')}\n`,
    ended: { what: 'metrics-token', id: '', name: '', person: null },
  }
}

/**
 * What of a backup lets in whom the folder as it is lets in no more. `restored`: where the backup's files lie. Null where
 * that cannot be told: the folder did not come of this backup, or its people cannot be read.
 */
export async function revivedBy(restored: string, paths: DataPaths, at: number): Promise<Revived | null> {
  const both = (place: string) => {
    const name = path.relative(paths.root, place)
    return Promise.all([readIfPresent(path.join(restored, name)), readIfPresent(place)])
  }
  const [logBefore, logNow] = await both(paths.audit)
  if (!goesOnFrom(logNow, logBefore)) return null
  const [peopleBefore, peopleNow] = await both(paths.people)
  const people = peopleBefore && peopleNow ? withoutEnded(peopleBefore, peopleNow, at) : null
  if (people === null) return null
  const configFile = path.join(paths.root, 'config.json')
  const config = configWithout(...(await both(configFile)))
  return {
    ended: [...people.ended, ...(config ? [config.ended] : [])],
    files: [
      ...(people.ended.length > 0 ? [{ name: path.basename(paths.people), text: people.text }] : []),
      ...(config ? [{ name: path.basename(configFile), text: config.text }] : []),
    ],
  }
}
