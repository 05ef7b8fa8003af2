import { describe, expect, it } from 'vitest'
import { appendLines, keptLines, selectLines, splitLine, toText } from '../../../renderer/features/logs/lines'
import type { LogLine } from '../../../shared/contract'

const line = (seq: number, change: Partial<LogLine> = {}): LogLine => ({
  seq,
  at: 0,
  stream: 'stdout',
  level: 'info',
  text: `line ${seq}`,
  ...change,
})

describe('the lines of a log', () => {
  it('are appended once, however often they arrive', () => {
    const lines = appendLines(appendLines([], [line(1), line(2)]), [line(2), line(3)])
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('keep their identity when nothing new arrives', () => {
    const lines = appendLines([], [line(1)])
    expect(appendLines(lines, [line(1)])).toBe(lines)
  })

  it('are dropped from the front beyond the limit', () => {
    const many = Array.from({ length: keptLines + 5 }, (_, seq) => line(seq))
    const lines = appendLines([], many)
    expect([lines.length, lines[0]?.seq]).toEqual([keptLines, 5])
  })

  it('are selected by level, by origin and by text in any case', () => {
    const lines = [line(1), line(2, { level: 'warn', text: 'Low VRAM' }), line(3, { stream: 'panel', text: 'Started' })]
    expect(selectLines(lines, 'all', '')).toBe(lines)
    expect(selectLines(lines, 'warnings', '').map(({ seq }) => seq)).toEqual([2])
    expect(selectLines(lines, 'panel', '').map(({ seq }) => seq)).toEqual([3])
    expect(selectLines(lines, 'all', ' vram ').map(({ seq }) => seq)).toEqual([2])
  })

  it('show a secret as its fingerprint and mark what was searched', () => {
    const parts = splitLine('use token=[secret 3fa91c07be42] for Token calls', 'token')
    expect(parts).toEqual([
      { kind: 'text', text: 'use ' },
      { kind: 'found', text: 'token' },
      { kind: 'text', text: '=' },
      { kind: 'secret', text: '3fa91c07be42' },
      { kind: 'text', text: ' for ' },
      { kind: 'found', text: 'Token' },
      { kind: 'text', text: ' calls' },
    ])
  })

  it('are saved one a line with their exact time', () => {
    expect(toText([line(1, { level: 'error', stream: 'stderr' })])).toBe(
      '1970-01-01T00:00:00.000Z stderr error line 1\n',
    )
  })
})
