import { ensureBuilt } from '../../../electron/build.mjs'

/** The journeys run against what `npm run build` makes. */
export default async function build(): Promise<void> {
  await ensureBuilt()
}
