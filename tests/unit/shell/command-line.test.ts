import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDesktopOptions } from '../../../electron/shell/command-line'

describe('the desktop’s command line', () => {
  it('needs nothing', () => {
    expect(parseDesktopOptions([])).toEqual({ data: null, demo: false, hidden: false })
  })

  it('takes a data folder and makes it absolute', () => {
    expect(parseDesktopOptions(['--data', 'somewhere']).data).toBe(path.resolve('somewhere'))
    expect(parseDesktopOptions(['--data=somewhere', '--demo'])).toEqual({
      data: path.resolve('somewhere'),
      demo: true,
      hidden: false,
    })
  })

  it('leaves Chromium’s switches and stray words alone', () => {
    expect(parseDesktopOptions(['--no-sandbox', '--ozone-platform=x11', 'regie://x', '--demo'])).toEqual({
      data: null,
      demo: true,
      hidden: false,
    })
  })

  it.each([['--data'], ['--data=']])('takes %s without a folder for none', (argument) => {
    expect(parseDesktopOptions([argument]).data).toBeNull()
  })
})
