import path from 'node:path'
import type { Backup, BackupKey, BackupRun, Backups, PanelEvent, RestorePlan } from '../../shared/contract'
import { because, Problem, reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { createThrottle } from '../async/throttle'
import type { BackupStanding } from '../attention/sources'
import type { Audit } from '../audit/audit'
import { openKept, type KeptFile } from '../storage/kept-file'
import { passphraseKeeper, type KeyKeeper } from '../vault/keepers'
import { tryOut } from './check'
import type { CollectFrom } from './collect'
import { checkFolderPath, prepareFolder } from './folder'
import { firstSettings, firstState, KeptSettings, KeptState, lacksOf, newestKnown, sealOf } from './kept'
import { makeBackup } from './make'
import { planRestore, stageRestore, type CountsNow, type RestoreChoices } from './restore'
import { dueAt, retryMs } from './schedule'
import { checkRecipient, sealForPassphrase, type Seal } from './seal'
import { createShelf } from './shelf'
import { discardRestore, readJournal } from './switch'

export { restoreAlone, tryAlone } from './alone'
export { restoredEntries, restoredNotices } from './restored'
export { finishRestore, type Restored } from './switch'
export type { BackupKey as BackupSecret } from './seal'

/** How one is made: for whom, where, and at whose word. */
interface Making {
  folder: string
  seal: Seal
  who: string
  signal: AbortSignal
  /** One that is to be restored then, and stays whatever the counts say. */
  needed?: string
}

export interface BackupOptions extends CollectFrom {
  audit: Pick<Audit, 'append' | 'appendFirst'>
  /** Whether a vault that is there cannot be read now. */
  isVaultClosed: () => boolean
  /** Keeps the vault's key in this panel; null where a person gives a passphrase. */
  keeper: KeyKeeper | null
  countsNow: () => Promise<CountsNow>
  /** What starts this panel again, where the system runs it. */
  restartCommand: string | null
  publish: (event: PanelEvent) => void
  reportBug: (error: unknown) => void
  clock?: Clock
  /** What scrypt costs a new passphrase; tests take less. */
  logN?: number
}

/** A change of how backups are made, as the contract has it. */
export type BackupChange = Partial<Pick<KeptSettings, 'folder' | 'daily' | 'keep' | 'withPictures'>> & {
  seal?: { passphrase: string } | { recipient: string }
}

/** After its start a panel is left alone for so long, in ms. */
const calmMs = 60_000
/** The longest wait until the clock is looked at again, in ms: a machine sleeps. */
const lookMs = 600_000

export async function openBackups(options: BackupOptions): Promise<BackupPart> {
  const { paths } = options
  const settings = await openKept(paths.backup, KeptSettings, firstSettings())
  const state = await openKept(paths.backupState, KeptState, firstState)
  return new BackupPart(options, settings, state)
}

/** Backups of everything that Regie knows: made by itself or when asked for, checked, thinned out, and restored. */
export class BackupPart {
  readonly #options: BackupOptions
  readonly #settings: KeptFile<KeptSettings>
  readonly #state: KeptFile<KeptState>
  readonly #shelf
  readonly #clock: Clock
  readonly #tell = createThrottle(1000, () => this.#options.publish({ type: 'backups' }))
  #run: { shown: BackupRun; abort: AbortController; done: Promise<unknown> } | null = null
  #cancelNext: () => void = () => undefined
  #isClosed = false

  constructor(options: BackupOptions, settings: KeptFile<KeptSettings>, state: KeptFile<KeptState>) {
    this.#options = options
    this.#settings = settings
    this.#state = state
    this.#clock = options.clock ?? systemClock
    const { installation } = settings.value
    this.#shelf = createShelf({ installation, known: () => this.#state.value.known })
  }

  async read(): Promise<Backups> {
    const { folder, daily, keep, withPictures, seal } = this.#settings.value
    const { list, why } = await this.#list()
    const { lastMade, failed } = this.#state.value
    const journal = await readJournal(this.#options.paths)
    return {
      settings: {
        ...{ folder, daily, keep, withPictures, recipient: seal?.recipient ?? null },
        opensBy: seal === null ? null : seal.identity === null ? 'identity' : 'passphrase',
      },
      ...{ list, folderReason: why, lastMade, failed },
      run: this.#run?.shown ?? null,
      nextAt: this.#dueAt(),
      restartCommand: this.#options.restartCommand,
      restoring: journal && { name: journal.name, at: journal.at, backupAt: journal.backupAt },
    }
  }

  async #list(): Promise<{ list: Backup[]; why: Reason | null }> {
    const { folder } = this.#settings.value
    if (folder === null) return { list: [], why: null }
    try {
      return { list: await this.#shelf.list(folder), why: null }
    } catch (error) {
      if (error instanceof Problem) return { list: [], why: error.reason }
      throw error
    }
  }

  standing(): BackupStanding {
    const { daily, since, installation } = this.#settings.value
    const { lastMade, failed, known } = this.#state.value
    return { failed, newest: newestKnown(known, installation), lastSince: daily === null ? null : (lastMade ?? since) }
  }

  async change({ seal, ...change }: BackupChange, who: string): Promise<Backups> {
    const { paths, audit } = this.#options
    const before = this.#settings.value
    if (typeof change.folder === 'string' && change.folder !== before.folder) {
      checkFolderPath(change.folder, paths.root)
      await prepareFolder(change.folder, paths.root)
    }
    const next = { ...before, ...change }
    if (seal) next.seal = await this.#sealFor(seal)
    if (next.daily !== null && (next.folder === null || next.seal === null)) throw new Problem('backup.not-set-up')
    if (next.daily !== before.daily) next.since = this.#clock.now()
    const details = { folder: next.folder ?? '', daily: next.daily ?? '', seal: seal ? 'changed' : '' }
    await audit.appendFirst({ who, action: 'backup.settings-changed', target: '', details })
    this.#settings.value = next
    await this.#settings.save()
    this.#tell.push(null)
    this.#plan(0)
    return this.read()
  }

  async #sealFor(seal: NonNullable<BackupChange['seal']>): Promise<KeptSettings['seal']> {
    if ('recipient' in seal) {
      await checkRecipient(seal.recipient)
      return { recipient: seal.recipient, identity: null }
    }
    const { recipient, identity } = await sealForPassphrase(seal.passphrase, this.#options.logN)
    return { recipient, identity: identity?.toString('base64') ?? null }
  }

  /** Begins to make one. Throws `backup.not-set-up`, `backup.running`, `vault.locked`; what fails later is in `read`. */
  async make(who: string): Promise<Backups> {
    const { folder } = this.#settings.value
    const seal = sealOf(this.#settings.value)
    if (folder === null || seal === null) throw new Problem('backup.not-set-up')
    if (this.#options.isVaultClosed()) throw new Problem('vault.locked')
    this.#busy({ act: 'making', name: null, step: 'collecting' }, (signal) =>
      this.#make({ folder, seal, who, signal }),
    ).catch(this.#options.reportBug)
    return this.read()
  }

  /** Resolves when nothing goes on. */
  async settled(): Promise<void> {
    await this.#run?.done
  }

  async #make({ folder, seal, who, signal, needed }: Making) {
    const { installation, withPictures, keep } = this.#settings.value
    const { audit } = this.#options
    const state = this.#state.value
    try {
      const now = () => this.#clock.now()
      const order = { folder, seal, installation, withPictures, who, now, signal, onBytes: this.#onBytes }
      const made = await makeBackup(this.#options, { ...order, onStep: this.#onStep })
      const checked = { at: now(), by: 'made' as const }
      state.known[made.name] = { bytes: made.bytes, withPictures, checked, lacks: lacksOf(made.leftOut) }
      state.lastMade = now()
      state.failed = null
      await this.#state.save()
      const removed = await this.#shelf.prune(folder, keep, needed)
      await this.#forget(removed)
      await audit.append({
        who,
        action: 'backup.made',
        target: made.name,
        details: { bytes: made.bytes, removed: removed.length, leftOut: made.leftOut.length },
      })
    } catch (error) {
      if (signal.aborted) return
      const why = error instanceof Problem ? error.reason : reason('backup.failed')
      if (!(error instanceof Problem)) this.#options.reportBug(error)
      state.failed = { at: this.#clock.now(), reason: why }
      await this.#state.save()
      await audit.append({ who, action: 'backup.failed', target: '', details: { problem: why.problem } })
    }
  }

  /** What was known of backups that are gone. */
  async #forget(names: readonly string[]): Promise<void> {
    const state = this.#state.value
    state.known = Object.fromEntries(Object.entries(state.known).filter(([name]) => !names.includes(name)))
    await this.#state.save()
  }

  readonly #onStep = (step: BackupRun['step'], ofBytes: number) => {
    if (this.#run) Object.assign(this.#run.shown, { step, ofBytes, bytes: 0 })
    this.#tell.push(null)
  }

  readonly #onBytes = (bytes: number) => {
    if (this.#run) this.#run.shown.bytes += bytes
    this.#tell.push(null)
  }

  /** One thing at a time. Throws `backup.running`; rejects with what the work throws, or `backup.cancelled`. */
  #busy<T>(what: Pick<BackupRun, 'act' | 'name' | 'step'>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#run || this.#isClosed) throw new Problem('backup.running')
    const abort = new AbortController()
    const promise = (async () => {
      // Not before it is noted that it goes on.
      await Promise.resolve()
      try {
        return await work(abort.signal)
      } catch (error) {
        throw abort.signal.aborted && !(error instanceof Problem) ? new Problem('backup.cancelled') : error
      } finally {
        this.#run = null
        this.#tell.push(null)
        this.#plan()
      }
    })()
    const done = promise.then(
      () => undefined,
      () => undefined,
    )
    this.#run = { shown: { ...what, startedAt: this.#clock.now(), bytes: 0, ofBytes: 0 }, abort, done }
    this.#tell.push(null)
    return promise
  }

  async cancel(): Promise<Backups> {
    this.#run?.abort.abort()
    await this.settled()
    return this.read()
  }

  async #find(name: string): Promise<{ backup: Backup; file: string }> {
    const { folder } = this.#settings.value
    if (folder === null) throw new Problem('backup.not-found', { name })
    return { backup: await this.#shelf.find(folder, name), file: path.join(folder, name) }
  }

  /** Restores one into a temporary folder, with what a person gives alone. */
  async check(name: string, key: BackupKey, who: string): Promise<Backup> {
    const { backup, file } = await this.#find(name)
    const { paths, audit, databases } = this.#options
    return this.#busy({ act: 'checking', name, step: 'reading' }, async (signal) => {
      this.#onStep('reading', backup.bytes)
      const { about, manifest } = await tryOut(file, key, {
        paths,
        databases,
        work: paths.backupWork,
        signal,
        onBytes: this.#onBytes,
      })
      const checked = { at: this.#clock.now(), by: 'key' as const }
      const its = { withPictures: about.withPictures, checked, lacks: lacksOf(manifest.leftOut) }
      this.#state.value.known[name] = { bytes: backup.bytes, ...its }
      await this.#state.save()
      await audit.append({ who, action: 'backup.checked', target: name })
      return { ...backup, ...its }
    })
  }

  async plan(name: string, key: BackupKey): Promise<RestorePlan> {
    const { backup, file } = await this.#find(name)
    const { paths, keeper, countsNow, databases } = this.#options
    return this.#busy({ act: 'reading', name, step: 'reading' }, async (signal) => {
      this.#onStep('reading', backup.bytes)
      const reading = { paths, file, key, signal, databases, onBytes: this.#onBytes }
      return planRestore(reading, { now: await countsNow(), needsVaultPassphrase: keeper === null })
    })
  }

  /**
   * Makes a restoring ready for the next start. What there is now is backed up first, where that can be; whatever it
   * replaces is kept beside in any case.
   */
  async restore(
    order: { name: string; key: BackupKey; vaultPassphrase?: string | undefined } & RestoreChoices,
    who: string,
  ): Promise<Backups> {
    const { name, key, vaultPassphrase, ...choices } = order
    const { backup, file } = await this.#find(name)
    const { paths, audit, isVaultClosed, databases } = this.#options
    const keeper = this.#options.keeper ?? (vaultPassphrase === undefined ? null : passphraseKeeper(vaultPassphrase))
    const now = () => this.#clock.now()
    await this.#busy({ act: 'restoring', name, step: 'reading' }, async (signal) => {
      await this.#backUpFirst({ who, signal, needed: name }, isVaultClosed())
      this.#onStep('reading', backup.bytes)
      await audit.appendFirst({ who, action: 'backup.restore-prepared', target: name })
      await stageRestore({ paths, file, key, keeper, ...choices, who, now, signal, databases, onBytes: this.#onBytes })
    })
    return this.read()
  }

  async #backUpFirst(how: Pick<Making, 'who' | 'signal' | 'needed'>, isVaultClosed: boolean) {
    const { folder } = this.#settings.value
    const seal = sealOf(this.#settings.value)
    if (folder === null || seal === null || isVaultClosed) return
    const { failed: before } = this.#state.value
    await this.#make({ ...how, folder, seal })
    const { failed } = this.#state.value
    how.signal.throwIfAborted()
    if (failed !== null && failed !== before) throw new Problem('backup.not-backed-up', because(failed.reason))
  }

  async discard(who: string): Promise<Backups> {
    const { paths, audit } = this.#options
    if ((await readJournal(paths)) === null) throw new Problem('backup.nothing-ready')
    await audit.appendFirst({ who, action: 'backup.restore-discarded', target: '' })
    await discardRestore(paths)
    this.#tell.push(null)
    return this.read()
  }

  async remove(name: string, who: string): Promise<Backups> {
    const { folder } = this.#settings.value
    await this.#find(name)
    if (folder === null || this.#run?.shown.name === name) throw new Problem('backup.running')
    await this.#options.audit.appendFirst({ who, action: 'backup.removed', target: name })
    await this.#shelf.remove(folder, name)
    await this.#forget([name])
    this.#tell.push(null)
    return this.read()
  }

  /** Makes them by itself from now on. */
  begin() {
    this.#plan(calmMs)
  }

  #dueAt(): number | null {
    const { daily } = this.#settings.value
    const { lastMade, failed } = this.#state.value
    return dueAt({ daily, lastMade, failedAt: failed?.at ?? null }, this.#clock.now())
  }

  #plan(leastMs = 1000) {
    this.#cancelNext()
    const due = this.#dueAt()
    if (due === null || this.#isClosed) return
    const wait = Math.min(Math.max(due - this.#clock.now(), leastMs), lookMs)
    this.#cancelNext = this.#clock.after(wait, () => this.#look())
  }

  #look() {
    const due = this.#dueAt()
    if (due !== null && due <= this.#clock.now() && !this.#run) {
      // A closed vault tells of itself; how long there is no backup does too.
      if (this.#options.isVaultClosed())
        this.#cancelNext = this.#clock.after(Math.min(retryMs, lookMs), () => this.#look())
      else void this.make('regie').catch(this.#options.reportBug)
      return
    }
    this.#plan()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelNext()
    this.#run?.abort.abort()
    await this.settled()
    this.#tell.drop()
  }
}
