import * as z from 'zod'
import type { DocSection } from '../../../.config/markdown'
import { element } from './element'
import type { Words } from './words'

const Schema = z.record(z.string(), z.unknown())
const Content = z.record(z.string(), z.object({ schema: Schema.optional() })).optional()

const Operation = z.object({
  tags: z.array(z.string()).optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
      }),
    )
    .optional(),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().optional() })),
})

const OpenApi = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

/** One procedure, as its path and method name it. */
interface Procedure extends z.infer<typeof Operation> {
  method: string
  path: string
  id: string
}

/** Reads the panel's own description of its API. Throws where it does not answer, or with something else. */
export async function loadProcedures(): Promise<Procedure[]> {
  const answer = await fetch('/api/v1/openapi.json')
  if (!answer.ok) throw new Error(`the description of the API was answered ${answer.status}`)
  const { paths } = OpenApi.parse(await answer.json())
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
      id: `${method}${path.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`.replace(/-$/, ''),
    })),
  )
}

/** What of the reference is found by searching. */
export const sectionsOf = (procedures: readonly Procedure[]): DocSection[] =>
  procedures.map(({ id, method, path, summary = '', description = '' }) => ({
    ...{ id, level: 3, title: `${method} ${path}` },
    text: `${summary} ${description}`,
  }))

const json = (value: unknown) => element('pre', { tabindex: '0' }, element('code', {}, JSON.stringify(value, null, 2)))

function describeOne({ id, method, path, ...told }: Procedure, { api }: Words): HTMLElement {
  const schema = Object.values(told.requestBody?.content ?? {})[0]?.schema
  const rows = (told.parameters ?? []).map(({ name, in: where, required = false, description = '' }) =>
    element('li', {}, element('code', {}, name), ` ${where}${required ? `, ${api.required}` : ''} ${description}`),
  )
  const answers = Object.entries(told.responses).map(([status, { description = '' }]) =>
    element('li', {}, element('code', {}, status), ` ${description}`),
  )
  return element(
    'details',
    { id, class: 'procedure' },
    element(
      'summary',
      {},
      element('span', { class: `method ${method.toLowerCase()}` }, method),
      element('code', {}, path),
      element('span', {}, told.summary ?? ''),
    ),
    ...(told.description === undefined ? [] : [element('p', {}, told.description)]),
    ...(rows.length === 0 ? [] : [element('h4', {}, api.parameters), element('ul', {}, ...rows)]),
    ...(schema === undefined ? [] : [element('h4', {}, api.body), json(schema)]),
    element('h4', {}, api.answers),
    element('ul', {}, ...answers),
  )
}

/** The whole reference, by topic, with the heading of each. */
export function renderReference(procedures: readonly Procedure[], words: Words) {
  const tags = [...new Set(procedures.flatMap(({ tags: of = [] }) => of))]
  const article = element(
    'div',
    {},
    element('h1', {}, words.pageNames.api),
    element('p', {}, words.api.lead, ' ', element('a', { href: '/api/v1/docs' }, words.api.tryOut)),
  )
  const headings = tags.map((tag): DocSection => ({
    ...{ id: `topic-${tag}`, level: 2, text: '' },
    title: tag.charAt(0).toUpperCase() + tag.slice(1),
  }))
  for (const [at, { id, title }] of headings.entries()) {
    const own = procedures.filter(({ tags: of = [] }) => of.includes(tags[at] ?? ''))
    article.append(element('h2', { id }, title), ...own.map((procedure) => describeOne(procedure, words)))
  }
  return { article, headings }
}
