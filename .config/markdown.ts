import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Marked, type Tokens } from 'marked'
import type { Plugin } from 'vite'

/** A part of a document below one heading, as it is found by searching. */
export interface DocSection {
  /** Of its heading in the page; empty for what stands above all headings but the title. */
  id: string
  level: number
  title: string
  text: string
}

export interface Doc {
  title: string
  html: string
  sections: DocSection[]
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** `Edit a picture` → `edit-a-picture`, as GitHub makes it, so that links into a document work in both places. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

/** What is read of tokens, without their marks. */
function plain(tokens: readonly { type: string; text?: string; raw: string; tokens?: unknown[] }[]): string {
  return tokens
    .map((token) => ('text' in token && token.text !== undefined ? token.text : token.raw))
    .join(' ')
    .replaceAll(/[*_`#>|]|!?\[|\]\([^)]*\)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

interface Rendering {
  /** What a link to another file is answered with; null: no page of the site. */
  pageOf: (file: string) => string | null
  /** What stands for a picture in the HTML, until the bundler has named it. */
  picture: (file: string) => string
}

/** Renders a Markdown file of ours: it is trusted as code is. */
export function renderDoc(source: string, { pageOf, picture }: Rendering): Doc {
  const marked = new Marked()
  const taken = new Map<string, number>()
  const idOf = (title: string) => {
    const slug = slugOf(title)
    const before = taken.get(slug) ?? 0
    taken.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  }
  const ids = new Map<object, string>()
  const tokens = marked.lexer(source)
  const sections: DocSection[] = []
  let title = ''
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth, text } = token as Tokens.Heading // a heading is one by its type
      const name = plain([{ type: 'text', text, raw: text }])
      if (depth === 1) title = name
      const id = depth === 1 ? '' : idOf(name)
      ids.set(token, id)
      sections.push({ id, level: depth, title: name, text: '' })
      continue
    }
    const section = sections.at(-1)
    if (section) section.text = `${section.text} ${plain([token])}`.trim()
  }
  marked.use({
    renderer: {
      heading(token) {
        const id = ids.get(token) ?? ''
        const inner = this.parser.parseInline(token.tokens)
        return `<h${token.depth}${id === '' ? '' : ` id="${escaped(id)}"`}>${inner}</h${token.depth}>\n`
      },
      link({ href, tokens: inner }) {
        const text = this.parser.parseInline(inner)
        if (/^https:\/\//.test(href)) return `<a href="${escaped(href)}" target="_blank" rel="noreferrer">${text}</a>`
        if (href.startsWith('#')) return `<a href="${escaped(href)}">${text}</a>`
        const [file = '', anchor] = href.split('#')
        const page = pageOf(file)
        return page === null ? text : `<a href="${escaped(page)}${anchor ? `#${escaped(anchor)}` : ''}">${text}</a>`
      },
      image: ({ href, text }) => `<img src="${picture(href)}" alt="${escaped(text)}" loading="lazy">`,
      table(token) {
        const head = token.header.map((cell) => `<th scope="col">${this.parser.parseInline(cell.tokens)}</th>`).join('')
        const rows = token.rows.map(
          (row) => `<tr>${row.map((cell) => `<td>${this.parser.parseInline(cell.tokens)}</td>`).join('')}</tr>`,
        )
        // Wide tables scroll by themselves, by keyboard too.
        return `<div class="table" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>\n`
      },
      // Keys alone are marked so; whatever else looks like HTML is shown as it stands.
      html: ({ text }) => (/^<\/?kbd>$/.test(text) ? text : escaped(text)),
    },
  })
  return { title, html: marked.parser(tokens), sections }
}

/** The page of the site that a file of docs/ is, as the site's addresses name it (`renderer/app/docs/pages.ts`). */
const pageOf = (file: string): string | null => {
  const name = path.posix.basename(file, '.md')
  return ['workflows', 'platforms', 'recipes', 'command-line'].includes(name)
    ? `./${name}`
    : name === 'user-guide'
      ? './guide'
      : null
}

/** `import doc from '….md?doc'`: a document of docs/ as HTML and searchable sections, its pictures as files of the build. */
export function markdownDocs(): Plugin {
  return {
    name: 'markdown-docs',
    enforce: 'pre',
    load(id) {
      const [file = '', query] = id.split('?')
      if (!file.endsWith('.md') || query !== 'doc') return null
      this.addWatchFile(file)
      const pictures: string[] = []
      const doc = renderDoc(readFileSync(file, 'utf8'), {
        pageOf,
        picture(href) {
          pictures.push(path.resolve(path.dirname(file), href))
          return `{{picture ${pictures.length - 1}}}`
        },
      })
      const imports = pictures.map((picture, at) => `import p${at} from ${JSON.stringify(picture)}`)
      const names = `[${pictures.map((_, at) => `p${at}`).join()}]`
      return [
        ...imports,
        `const doc = ${JSON.stringify(doc)}`,
        `const pictures = ${names}`,
        String.raw`doc.html = doc.html.replace(/\{\{picture (\d+)\}\}/g, (_, at) => pictures[at])`,
        'export default doc',
      ].join('\n')
    },
  }
}
