import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderDoc, slugOf } from '../../../.config/markdown'
import { pageIds, readAddress, readTarget } from '../../../renderer/app/docs/pages'

const root = path.resolve(import.meta.dirname, '../../../docs')
const files = ['user-guide.md', 'fr/user-guide.md', 'command-line.md', 'recipes.md', 'workflows.md', 'platforms.md']

function read(file: string) {
  const links: string[] = []
  const pictures: string[] = []
  const source = readFileSync(path.join(root, file), 'utf8')
  const doc = renderDoc(source, {
    pageOf: (link) => (links.push(link), `./${path.posix.basename(link, '.md')}`),
    picture: (href) => (pictures.push(path.join(root, path.dirname(file), href)), href),
  })
  return { source, doc, links, pictures }
}

describe.each(files)('%s', (file) => {
  const { doc, links, pictures } = read(file)
  const ids = new Set(doc.sections.map(({ id }) => id))

  it('has one title, and a different id for each heading', () => {
    expect(doc.sections.filter(({ level }) => level === 1).map(({ title }) => title)).toEqual([doc.title])
    expect(doc.title).not.toBe('')
    expect(ids.size).toBe(doc.sections.length)
    for (const { id } of doc.sections) if (id !== '') expect(doc.html).toContain(`id="${id}"`)
  })

  it('shows pictures that are there, and leads to pages and headings that there are', () => {
    expect(pictures.filter((picture) => !existsSync(picture))).toEqual([])
    expect(links.filter((link) => !existsSync(path.join(root, path.dirname(file), link)))).toEqual([])
    for (const [, to = '', anchor = ''] of doc.html.matchAll(/href="(?:\.\/([\w-]+))?#([^"]+)"/g)) {
      const target = to === '' ? ids : new Set(read(`${to}.md`).doc.sections.map(({ id }) => id))
      expect(target.has(anchor), `${to}#${anchor}`).toBe(true)
    }
  })

  it('holds no HTML but that of the renderer, and every word of it is found', () => {
    expect(doc.html).not.toMatch(/<script|<iframe|\son\w+=/i)
    const words = doc.sections.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0)
    const written = doc.html.replaceAll(/<[^>]*>/g, ' ').split(/\s+/).length
    expect(words).toBeGreaterThan(written * 0.8)
  })
})

it('what looks like HTML in a document is shown, and run by no browser', () => {
  const { html } = renderDoc(
    '# T\n\n<img src=x onerror=alert(1)>\n\nA <b>bold</b> [link](javascript:alert(1)) <kbd>K</kbd>',
    {
      pageOf: () => null,
      picture: () => '',
    },
  )
  expect(html).not.toMatch(/<img|<b>|javascript:/)
  expect(html).toContain('<kbd>K</kbd>')
})

it('the guide is whole in French: the same headings in the same order, pictures, code and tables', () => {
  const [english, french] = [read('user-guide.md'), read('fr/user-guide.md')]
  const shape = ({ doc }: typeof english) => doc.sections.map(({ level }) => level)
  expect(shape(french)).toEqual(shape(english))
  expect(french.pictures).toEqual(english.pictures)
  const blocks = (source: string) => source.match(/^```[^]*?^```/gm) ?? []
  expect(blocks(french.source)).toEqual(blocks(english.source))
  const rows = (html: string) => html.match(/<table>[^]*?<\/table>/g)?.map((table) => table.split('<tr>').length)
  expect(rows(french.doc.html)).toEqual(rows(english.doc.html))
  const inCode = (html: string) => html.match(/<code>[^<]*<\/code>/g)?.length ?? 0
  expect(Math.abs(inCode(french.doc.html) - inCode(english.doc.html))).toBeLessThan(inCode(english.doc.html) * 0.1)
})

describe('an address of the documentation', () => {
  it.each(pageIds)('leads to %s', (page) =>
    expect(readAddress(`/docs/fr/${page}`, ['en'])).toEqual({ language: 'fr', page }),
  )
  it.each([
    ['/docs', ['fr-CA', 'en'], 'fr'],
    ['/docs/', ['de', 'fr'], 'fr'],
    ['/docs', ['de'], 'en'],
    ['/docs', [], 'en'],
    ['/docs/xx/../../etc', ['fr'], 'fr'],
  ] as const)('%s, for a browser that prefers %j, is the guide in %s', (at, preferred, language) =>
    expect(readAddress(at, preferred)).toEqual({ language, page: 'guide' }),
  )
})

it('what stands behind # is a heading’s id, or nothing where it is broken', () => {
  expect(['#a-b', '#%C3%A9t%C3%A9', '', '#%', '#%E0%A4%A'].map(readTarget)).toEqual(['a-b', 'été', '', '', ''])
})

it('a heading is called as GitHub calls it', () => {
  expect(slugOf('Update a stack, and undo it')).toBe('update-a-stack-and-undo-it')
  expect(slugOf('Pourquoi 401 ?')).toBe('pourquoi-401-')
})
