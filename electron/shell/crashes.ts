import { app, crashReporter } from 'electron'
import { dataPaths } from '../storage/paths'

/**
 * Has dumps of crashes kept in the data folder, for whoever looks for the fault; none is ever sent. Call once the data
 * folder is chosen and before the app is ready. The panel deletes older ones.
 */
export function keepCrashDumps(): void {
  app.setPath('crashDumps', dataPaths(app.getPath('userData')).crashes)
  crashReporter.start({ uploadToServer: false })
}
