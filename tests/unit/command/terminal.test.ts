import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { askHidden } from '../../../electron/command/terminal'

/** A terminal as node has it, on which this is typed. */
function typing(text: string) {
  const said = { err: '', interrupted: 0 }
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const abort = new AbortController()
  const asked = askHidden(
    {
      ...{ input, out: () => undefined, err: (each: string) => void (said.err += each) },
      interrupt() {
        said.interrupted += 1
        abort.abort()
      },
    },
    'Passphrase: ',
    abort.signal,
  )
  input.write(text)
  return { asked, said }
}

it('what is hidden is read, and shown nowhere', async () => {
  const { asked, said } = typing('correct horse\r')
  expect(await asked).toBe('correct horse')
  expect(said).toEqual({ err: 'Passphrase: \n', interrupted: 0 })
})

it('Ctrl+C interrupts while something hidden is typed, and nothing is taken for an answer', async () => {
  const { asked, said } = typing('half a pass\u0003')
  expect(await asked).toBeNull()
  expect(said.interrupted).toBe(1)
})
