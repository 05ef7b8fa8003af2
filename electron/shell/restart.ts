import type { App } from 'electron'

/**
 * How the program is started again: with what it was started with, but for a window. Inside an AppImage the program lies
 * in a mount that goes away with it, so that the image itself is started.
 */
export function startAgain(argv: readonly string[], env: NodeJS.ProcessEnv): { args: string[]; execPath?: string } {
  const args = argv.slice(1).filter((each) => each !== '--hidden')
  const image = env['APPIMAGE']
  return image === undefined ? { args } : { args, execPath: image }
}

export interface Restarting {
  /** Ends the program in order; it is started again when it has gone. */
  restart(): void
  /** Whether it ends for that: no installer may then begin beside it. */
  isUnderWay(): boolean
}

export function createRestarting(app: Pick<App, 'relaunch' | 'quit'>): Restarting {
  let isUnderWay = false
  return {
    isUnderWay: () => isUnderWay,
    restart() {
      if (isUnderWay) return
      isUnderWay = true
      app.relaunch(startAgain(process.argv, process.env))
      app.quit()
    },
  }
}
