import { readFile } from 'node:fs/promises'
import { readPublicOrigin } from '../../shared/public-origin'
import { defaultDataFolder } from '../storage/data-folder'
import { readIfPresent } from '../storage/files'
import { readPanelAddress } from '../storage/folder-lock'
import { dataPaths } from '../storage/paths'
import { CommandFailure, exits, usageError } from './exits'
import type { Machine } from './machine'
import { profileIn, readProfiles, usualProfile, type Profile } from './profiles'

/** How the panel is found. */
export interface Aim {
  url: string | undefined
  profile: string | undefined
  ca: string | undefined
  data: string | undefined
}

/** A panel, and what opens it: a key, or a link of this machine's that signs in once. */
export interface Target {
  url: string
  /** Certificates that the panel's is checked against, in PEM; null for the system's. */
  ca: string | null
  /** Null where the panel of this machine is asked, and whoever asks may read its data folder. */
  key: string | null
  /** Reads the token of the link anew; null where there is none. */
  linkToken: () => Promise<string | null>
}

/** Where a panel is, without who asks. */
type Place = Pick<Target, 'url' | 'ca'>

const noLink = () => Promise.resolve(null)

/** A key is sent in a header: visible characters, and no more. */
const isSendable = (key: string) => /^[\x21-\x7E]{1,512}$/.test(key)

/** A key as it was typed or handed over. Throws a CommandFailure that does not quote it. */
export function checkKey(key: string): string {
  if (!isSendable(key)) throw new CommandFailure(exits.unreachable, 'failure.keyShape')
  return key
}

/** The origin of an address that a person gave. Throws a usage error; what may stand in it is not repeated. */
function readUrl(text: string): string {
  const origin = readPublicOrigin(text)
  if (origin === null) throw usageError('usage.url')
  return origin
}

/**
 * The key that the environment hands over; undefined where it hands over none. An empty one is what a pipeline has whose
 * secret is missing: it must not become somebody else on the way.
 */
function keyOfEnvironment({ env }: Pick<Machine, 'env'>): string | undefined {
  const key = env['REGIE_KEY']
  if (key === '') throw new CommandFailure(exits.unreachable, 'failure.keyEmpty')
  return key === undefined ? undefined : checkKey(key)
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandFailure(exits.usage, 'usage.ca', { file }, { cause: error })
  }
}

/** The panel that uses a data folder of this machine. Throws a CommandFailure where none says where it is. */
function localUrl(dataFolder: string): string {
  const address = readPanelAddress(dataFolder)
  if (address === null) throw new CommandFailure(exits.unreachable, 'failure.noPanel', { folder: dataFolder })
  return new URL(address).origin
}

/** The token of the link that a panel which the system has started keeps for whoever may read its data folder. */
async function linkTokenOf(dataFolder: string): Promise<string | null> {
  const text = (await readIfPresent(dataPaths(dataFolder).signInLink))?.toString('utf8') ?? ''
  const [link = ''] = text.split('\n', 1)
  return URL.canParse(link) ? new URL(link).searchParams.get('token') : null
}

/** Where the panel is that is meant: named, in the environment, in a profile, or on this machine. */
function pointAt({ url, data }: Aim, { env, platform }: Machine, profile?: Profile): Located {
  const said = url ?? (data === undefined ? env['REGIE_URL'] || undefined : undefined)
  if (said !== undefined) return { url: readUrl(said), dataFolder: null }
  if (profile !== undefined) return { url: profile.url, dataFolder: null }
  const dataFolder = data ?? defaultDataFolder(env, platform)
  return { url: localUrl(dataFolder), dataFolder }
}

interface Located {
  url: string
  /** Where its files lie, of a panel that was found by them. */
  dataFolder: string | null
}

const readCaOf = async ({ ca }: Aim, { env }: Machine, profile?: Profile): Promise<string | null> => {
  const file = ca ?? (env['REGIE_CA'] || undefined) ?? profile?.ca ?? null
  return file === null ? null : await readCa(file)
}

/** Where the panel is that somebody wants to be known to. Throws what `findTarget` throws. */
export async function findPlace(aim: Aim, machine: Machine): Promise<Place> {
  const { url } = pointAt(aim, machine)
  return { url, ca: await readCaOf(aim, machine) }
}

/** The profile that is meant; the usual one only where nothing else is. Throws a CommandFailure where it is missing. */
async function profileOf({ profile, data }: Aim, machine: Machine): Promise<Profile | undefined> {
  const name = profile ?? (machine.env['REGIE_PROFILE'] || undefined)
  if (name === undefined && data !== undefined) return undefined
  const known = profileIn(await readProfiles(machine), name ?? usualProfile)
  if (name !== undefined && known === undefined)
    throw new CommandFailure(exits.unreachable, 'failure.noProfile', { name })
  return known
}

/** A profile that is named on the line is taken whole: the environment's key is for another panel. */
const withoutPanel = (machine: Machine): Machine => ({
  ...machine,
  env: { ...machine.env, REGIE_URL: undefined, REGIE_KEY: undefined, REGIE_CA: undefined },
})

/** Finds the panel and what opens it. Throws a usage error or a CommandFailure; no key stands in either. */
export async function findTarget(aim: Aim, here: Machine): Promise<Target> {
  const machine = aim.profile === undefined ? here : withoutPanel(here)
  const given = keyOfEnvironment(machine)
  const profile = await profileOf(aim, machine)
  const { url, dataFolder } = pointAt(aim, machine, profile)
  // A key goes to the panel that it was given for, and to no other.
  const own = profile?.url === url ? profile : undefined
  if (aim.profile !== undefined && own === undefined) throw usageError('usage.otherProfile', { url })
  const ca = await readCaOf(aim, machine, own)
  const key = given ?? own?.key
  if (key !== undefined) return { url, ca, key, linkToken: noLink }
  if (dataFolder === null) throw new CommandFailure(exits.unreachable, 'failure.noKey', { url })
  return { url, ca, key: null, linkToken: () => linkTokenOf(dataFolder) }
}

/** Whether what is sent to an address can be read on its way to another machine. */
export function isInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}
