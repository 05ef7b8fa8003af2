import { expect, test } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'

test('tells those who listen, in order, until they stop', () => {
  const seen: string[] = []
  const news = createListeners<[string]>()
  const stop = news.on((word) => seen.push(`one ${word}`))
  news.on((word) => seen.push(`two ${word}`))
  news.tell('a')
  stop()
  news.tell('b')
  expect(seen).toEqual(['one a', 'two a', 'two b'])
})

test('one that throws keeps no other from being told', () => {
  const seen: unknown[] = []
  const news = createListeners<[string]>((error) => seen.push(error))
  const bug = new Error('a bug')
  news.on(() => {
    throw bug
  })
  news.on((word) => seen.push(word))
  news.tell('a')
  expect(seen).toEqual([bug, 'a'])
})

test('without anybody who takes failures, the one who tells gets them', () => {
  const news = createListeners<[]>()
  news.on(() => {
    throw new Error('a bug')
  })
  expect(() => news.tell()).toThrow('a bug')
})
