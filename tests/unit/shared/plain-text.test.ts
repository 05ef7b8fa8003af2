import { describe, expect, it } from 'vitest'
import { AlertChannel, contract, NewName, User } from '../../../shared/contract'
import { isolatedText, plainText } from '../../../shared/plain-text'

describe('a text among others', () => {
  it('is one line of what can be seen, and turns nothing', () => {
    expect(plainText('a\u202Eb\u2066c\u200Fd\u061Ce')).toBe('abcde')
    expect(plainText('\u001B]0;x\u0007\r\n a\tb\u2028c\u0085d')).toBe(']0;x a b c d')
    expect(plainText('a\u200Bb\u00ADc\uFEFFd\u{E0041}e\uD800f')).toBe('abcdef')
  })

  it('keeps what other scripts and pictures need', () => {
    for (const text of ['שלום', 'می\u200Cخواهم', '👩\u200D🎨', '❤\uFE0F', 'Zoë', '日本'])
      expect(plainText(text)).toBe(text)
  })

  it('is isolated where it is shown as it is, and left alone where nothing turns', () => {
    expect(isolatedText('Ann')).toBe('Ann')
    expect(isolatedText('A\u202Enn')).toBe('\u2068A\u202Enn\u2069')
  })
})

describe('a new name', () => {
  it('is refused with characters that turn it, end a line or control', () => {
    for (const bad of ['a\u202Eb', 'a\u2067b', 'a\u200Eb', 'a\nb', 'a\u0007b', 'a\u2028b', '', '  '])
      expect(NewName(100).safeParse(bad).success).toBe(false)
    for (const good of ['Ann', 'שלום', 'می\u200Cخواهم', '👩\u200D🎨', 'a & b <c>'])
      expect(NewName(100).safeParse(good).success).toBe(true)
  })

  it('is meant wherever people, keys, channels and presets get one, while kept names are read as they are', () => {
    const { users, keys, alerts } = contract
    const name = 'a\u202Eb'
    const issues = [
      users.create['~orpc'].inputSchema?.safeParse({ id: 'ann', name, role: 'user' }),
      users.change['~orpc'].inputSchema?.safeParse({ id: 'ann', name }),
      keys.create['~orpc'].inputSchema?.safeParse({ name }),
      keys.change['~orpc'].inputSchema?.safeParse({ id: 'k', name }),
      alerts.addChannel['~orpc'].inputSchema?.safeParse({ name, target: { kind: 'slack' } }),
      alerts.changeChannel['~orpc'].inputSchema?.safeParse({ id: 'c', name }),
    ].map((parsed) => parsed?.error?.issues.map(({ path }) => path.join('.')))
    expect(issues).toEqual(issues.map(() => ['name']))
    expect(User.shape.name.parse(name)).toBe(name)
    expect(AlertChannel.shape.name.parse(name)).toBe(name)
  })
})
