import { randomBytes } from 'node:crypto'
import type * as z from 'zod'
import { keyBytes } from './cipher'
import { carriedKeeper, type KeyKeeper } from './keepers'
import { parseVaultFile, readVault, resealed, textOf, type Sealed } from './vault-file'

/** A vault as `sealedForBackup` gave it. */
export interface CarriedVault {
  text: string
  key: string
}

/** How many records it holds, each of them opened. Throws as `readVault` does, and `vault.wrong-key`. */
export const countCarried = async (schema: z.ZodType<Sealed>, carried: CarriedVault): Promise<number> =>
  (await open(schema, carried)).entries.size

async function open<R extends Sealed>(schema: z.ZodType<R>, { text, key }: CarriedVault) {
  const file = parseVaultFile(text)
  return readVault(schema, file, await carriedKeeper(key).unwrap(file.key))
}

/**
 * The same vault for another keeper, under a new data key: what was sealed for the backup opens nothing of it any more.
 * Nothing is written but what the keeper itself writes. Throws as `readVault` does, and what the keeper throws.
 */
export async function carriedTo<R extends Sealed>(
  schema: z.ZodType<R>,
  carried: CarriedVault,
  keeper: KeyKeeper,
): Promise<string> {
  const { entries, state } = await open(schema, carried)
  const dataKey = randomBytes(keyBytes)
  const key = await keeper.wrap(dataKey)
  return textOf({ key, entries: resealed(entries, dataKey), state: { ...state, ownKey: true }, dataKey })
}
