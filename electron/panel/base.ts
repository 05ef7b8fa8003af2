import { version } from '../../package.json'
import type { PanelEvent } from '../../shared/contract'
import { createPanelEvents } from '../api/events'
import { createClosing } from '../async/closing'
import { createListeners } from '../async/listeners'
import { createLeftBehind } from '../services/left-behind'
import { openLedger } from '../ledger'
import { clearDataFolder } from '../storage/data-folder'
import { finishRestore } from '../backup'
import { openFolderFormat } from '../storage/folder-format'
import { lockDataFolder } from '../storage/folder-lock'
import { openLog } from '../storage/log'
import { dataPaths, type DataPaths } from '../storage/paths'
import { createRedactor } from '../vault/redactor'
import type { PanelOptions } from './options'

/** Makes a data folder this panel's own, and puts away what a killed one left. Throws a Problem where it may not. */
async function takeFolder(paths: DataPaths) {
  const lock = lockDataFolder(paths.lock)
  try {
    // Before anything in it is read: what lies there may be about to be exchanged.
    const restored = await finishRestore(paths)
    await openFolderFormat(paths, version)
    await clearDataFolder(paths)
    const leftBehind = createLeftBehind(paths.composeRuns)
    await leftBehind.clear()
    return { lock, leftBehind, restored }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** What every part stands on: the data folder, the log, the bus of what happens, and the list of what is to be closed. */
export async function openBase(options: PanelOptions) {
  const paths = dataPaths(options.dataFolder)
  const redactor = createRedactor()
  const redact = (text: string) => redactor.redact(text)
  const { lock, leftBehind, restored } = await takeFolder(paths)
  const { log, close: closeLog } = openLog(paths.log, redact)
  const reportBug = (error: unknown) => log.error({ err: error }, 'something failed unexpectedly')
  const closing = createClosing(reportBug)
  closing.add(() => lock.release())
  closing.add(closeLog)
  closing.add(() => log.info('the panel has stopped'))
  const ledger = await openLedger({ file: paths.ledger, failed: reportBug }).catch(async (error: unknown) => {
    await closing.close()
    throw error
  })
  closing.add(() => ledger.close())

  /** What happens in the panel, for every part that listens. */
  const bus = createListeners<[PanelEvent]>(reportBug)
  const events = createPanelEvents()
  bus.on((event) => events.publish(event))
  if (options.onEvent) bus.on(options.onEvent)
  return {
    ...{ options, paths, lock, restored, log, redactor, redact, reportBug, leftBehind, closing, events, ledger },
    publish: bus.tell,
    listen: bus.on,
  }
}

export type Base = Awaited<ReturnType<typeof openBase>>
