import { isContractProcedure } from '@orpc/contract'
import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unknownKeys } from '../../../electron/api/unknown-keys'
import { contract } from '../../../shared/contract'
import { long } from '../../support/long'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

interface Route {
  method: string
  path: string
  schema: z.ZodType | undefined
}

function routesOf(node: object): Route[] {
  if (!isContractProcedure(node)) return Object.values(node).flatMap((child: object) => routesOf(child))
  const definition: { route: { method?: string; path?: string }; inputSchema?: unknown } = node['~orpc']
  const { route, inputSchema } = definition
  const schema = inputSchema instanceof z.ZodType ? inputSchema : undefined
  return route.path === undefined ? [] : [{ method: route.method ?? 'POST', path: route.path, schema }]
}

const routes = routesOf(contract)

type JsonSchema = z.core.JSONSchema.BaseSchema

/** Values with every key that a schema has a place for, one for each alternative. */
function examples(schema: JsonSchema | boolean | undefined, definitions: Record<string, JsonSchema>): unknown[] {
  if (typeof schema !== 'object') return ['anything']
  if (schema.$ref !== undefined) return examples(definitions[schema.$ref.replace('#/$defs/', '')], definitions)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return alternatives.flatMap((one) => examples(one, definitions))
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum) return [schema.enum[0]]
  if (schema.type === 'array') return [Array.isArray(schema.items) ? [] : examples(schema.items, definitions)]
  if (schema.type !== 'object') return [schema.type === 'string' ? 'text' : 1]
  const own = Object.entries(schema.properties ?? {}).map(([key, one]) => [key, examples(one, definitions)] as const)
  const most = Math.max(1, ...own.map(([, values]) => values.length))
  const extra = schema.additionalProperties
  const more =
    extra === undefined || extra === false
      ? []
      : ['toString', 'constructor', 'FOO_BAR'].map((key) => [key, examples(extra, definitions)[0]] as const)
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries([...own.map(([key, values]) => [key, values[at % values.length]] as const), ...more]),
  )
}

describe('what the contract allows', () => {
  test('is not refused as unknown, in records and under every alternative', () => {
    let seen = 0
    for (const { method, path, schema } of routes) {
      if (!schema) continue
      const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
      for (const value of examples(described, described.$defs ?? {})) {
        seen += 1
        expect([method, path, unknownKeys(schema, value)]).toEqual([method, path, []])
      }
    }
    expect(seen).toBeGreaterThan(60)
  })
})

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + '1' + close.repeat(depth)

const bodies: Record<string, string> = {
  'deep arrays': `{"params":${nested('[', ']', 100_000)}}`,
  'deep objects': nested('{"params":', '}', 50_000),
  'own __proto__': '{"__proto__":{"role":"admin"},"id":"x"}',
  'inner __proto__': '{"params":{"__proto__":{"prompt":"x"}},"compose":{"__proto__":1}}',
  constructor: '{"constructor":{"prototype":{"polluted":true}},"id":"x"}',
  'keys of Object': '{"toString":1,"hasOwnProperty":1,"valueOf":null}',
  'twice the same key': '{"id":"a","id":{"b":1},"more":1,"more":["c"]}',
  'a thousand kinds': `{"kind":{"comfyui":"forge"},"runtime":["compose"],"compose":7,"process":"sh","sinks":{"0":1}}`,
  'a MiB of keys': `{${Array.from({ length: 70_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
  'huge numbers': '{"seed":1e400,"steps":-0,"width":9007199254740993,"limit":1e-400}',
  'half a character': String.raw`{"id":"\ud800","name":"\u0000","prompt":"\udfff"}`,
  'wrong everywhere': '{"id":[],"params":[],"path":{},"password":[[]],"value":false,"folder":1}',
}

describe('a hostile body', () => {
  const isTold = async (name: string) => {
    const posting = routes.filter(({ method, path }) => method !== 'GET' && !/\/(?:stream|cancel)$/.test(path))
    const failures: unknown[] = []
    // A MiB is read in a quarter of a second: some routes tell of all.
    for (const { method, path } of name === 'a MiB of keys' ? posting.slice(0, 12) : posting) {
      const at = path.replaceAll(/\{\w+\}/g, 'nobody')
      const began = performance.now()
      const response = await fetch(new URL(`api/v1${at}`, running.url), {
        method,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: bodies[name] ?? '',
      })
      const text = await response.text()
      const tookMs = performance.now() - began
      if (response.status < 400 || response.status >= 500 || tookMs > 5000)
        failures.push([method, at, response.status, Math.round(tookMs), text.slice(0, 200)])
    }
    expect(failures).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }
  // Each is asked of every route: one of each kind in every run, deep, of prototypes, of wrong kinds; the further ones at night.
  const daily = ['deep arrays', 'own __proto__', 'twice the same key', 'wrong everywhere', 'half a character']
  const told = '%s: no 500 on any route, and soon'
  test.each(daily)(told, isTold)
  test.each(Object.keys(bodies).filter((name) => !daily.includes(name)))(told, long, isTold)

  test('is too much of a query', async () => {
    for (const query of [
      '__proto__[role]=admin',
      'limit[]=1&limit[a]=2',
      'limit=1&limit=2',
      `a${'[b]'.repeat(2000)}=1`,
      '%00=1',
    ]) {
      const response = await fetch(new URL(`api/v1/generations?${query}`, running.url), {
        headers: { authorization: `Bearer ${adminToken}` },
      })
      expect([query.slice(0, 30), response.status]).toEqual([query.slice(0, 30), 400])
    }
  })
})
