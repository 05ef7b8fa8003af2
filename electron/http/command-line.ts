import { parseArgs } from 'node:util'

export interface HeadlessOptions {
  port: number
  host: string
  data: string | null
  demo: boolean
  open: boolean
  passphraseFile: string | null
}

export const usage = `Usage: npm run headless -- [options]

  --port <n>              port to listen on; 0 takes a free one (default 7420)
  --host <address>        address to listen on (default 127.0.0.1)
  --data <folder>         where Regie keeps its data (default: the desktop application's folder)
  --demo                  start from two simulated services; the vault's key lies in a file beside it
  --passphrase-file <f>   file whose first line opens the vault (or REGIE_PASSPHRASE in the environment)
  --open                  open the panel in the default browser

  REGIE_ADMIN_TOKEN       accepted as an administrator's "Authorization: Bearer", for scripts
`

/** Reads the command line. Throws an Error whose message is meant for the person who typed it. */
export function parseHeadlessOptions(args: string[]): HeadlessOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '7420' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      demo: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      'passphrase-file': { type: 'string' },
    },
  })
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`)
  }
  return {
    port,
    host: values.host,
    data: values.data ?? null,
    demo: values.demo,
    open: values.open,
    passphraseFile: values['passphrase-file'] ?? null,
  }
}
