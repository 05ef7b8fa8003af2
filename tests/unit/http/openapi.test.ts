import { beforeAll, describe, expect, it } from 'vitest'
import { unknownKeys } from '../../../electron/api/unknown-keys'
import { describeApi } from '../../../electron/http/openapi'
import type { ApiDocument, Operation } from '../../../electron/http/openapi/document'
import { contract, proceduresOf, type Described } from '../../../shared/contract'
import { errorStatus } from '../../../shared/problems'

const procedures = proceduresOf(contract)
let document: ApiDocument
let operations: { procedure: Described; operation: Operation }[]
beforeAll(async () => {
  document = await describeApi('1.2.3')
  operations = procedures.map((procedure) => {
    const operation = document.paths[procedure.path]?.[procedure.method.toLowerCase()]
    if (!operation) throw new Error(`${procedure.name} is not described`)
    return { procedure, operation }
  })
})

const byName = (name: string) => {
  const found = operations.find(({ procedure }) => procedure.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found.operation
}
const statuses = (operation: Operation) => Object.keys(operation.responses ?? {}).map(Number)

describe('every operation of the API’s description', () => {
  it('says who may call it, and which ask for a fresh proof', () => {
    const kinds = { public: 0, user: 0, own: 0, shared: 0, waking: 0, admin: 0, proof: 0 }
    for (const { procedure, operation } of operations) {
      const { access, reauth } = procedure
      kinds[access] += 1
      if (reauth) kinds.proof += 1
      const role = access === 'admin' ? 'admin' : 'user'
      const roles = reauth ? [role, 'fresh-proof'] : [role]
      expect([procedure.name, operation.security]).toEqual([
        procedure.name,
        access === 'public' ? [] : [{ token: [role] }, { page: roles }],
      ])
      expect(operation.description).toContain(access === 'public' ? 'anybody' : 'administrators')
    }
    for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(1)
    expect(Object.keys(document.components['securitySchemes'] ?? {})).toEqual(['token', 'page'])
  })

  it('has the errors of its kind and its own, and no others', () => {
    for (const { procedure, operation } of operations) {
      const errors = statuses(operation).filter((status) => status >= 400 && status !== 416)
      expect([procedure.name, errors.sort()]).toEqual([
        procedure.name,
        procedure.errors.map((code) => errorStatus[code]).sort(),
      ])
      expect(errors).toEqual(expect.arrayContaining(procedure.access === 'public' ? [400, 403, 429] : [400, 401, 403]))
      expect(errors.includes(404) || !procedure.path.includes('{id}')).toBe(true)
      expect(errors.includes(413) && errors.includes(415)).toBe(procedure.method !== 'GET')
      expect(errors).not.toContain(500)
    }
    expect(statuses(byName('session/touch'))).toEqual([200, 400, 401, 403, 413, 415, 429])
    expect(statuses(byName('services/start'))).toEqual(expect.arrayContaining([502, 503, 504]))
    // Without one who means a service or a program: nothing there is a gateway.
    for (const name of ['gpus/list', 'generations/list', 'vault/unlock', 'audit/list'])
      expect(statuses(byName(name)).filter((status) => status === 502 || status === 504)).toEqual([])
  })

  it('shows one answer for each kind of error, as it is really given', () => {
    const all = document.components['responses'] ?? {}
    expect(Object.keys(all).sort()).toEqual(Object.keys(errorStatus).sort())
    for (const [code, answer] of Object.entries(all))
      expect(answer).toMatchObject({
        description: expect.stringMatching(/\.$/) as string,
        content: {
          'application/json': { example: { code, message: expect.not.stringMatching(/\{\{|undefined/) as string } },
        },
      })
  })

  it('with a body shows one that is taken', () => {
    const named: Record<string, string> = { role: 'user', name: 'regie-1a2b3c4d-20261130T023000Z.tar.age' }
    let seen = 0
    for (const { procedure, operation } of operations) {
      if (!operation.requestBody) continue
      seen += 1
      const [media] = Object.values(operation.requestBody.content)
      expect([procedure.name, media?.example]).toEqual([procedure.name, expect.any(Object)])
      const inPath = [...procedure.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, named[name] ?? 'comfyui'])
      const file = procedure.takesFile() ? { file: new File(['{}'], 'export.json') } : {}
      const input: unknown = { ...(media?.example as object), ...Object.fromEntries(inPath), ...file }
      const { input: schema } = procedure
      if (!schema) throw new Error(`${procedure.name} takes nothing`)
      expect([procedure.name, schema.safeParse(input).error?.message]).toEqual([procedure.name, undefined])
      expect([procedure.name, unknownKeys(schema, input)]).toEqual([procedure.name, []])
    }
    expect(seen).toBeGreaterThan(40)
  })

  it('that names something shows a name', () => {
    const named = operations.flatMap(({ operation }) => operation.parameters ?? []).filter((one) => one.in === 'path')

    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(({ example, name }) => example === undefined && name === 'id').length).toBeLessThan(4)
  })

  it('that answers a stream says what becomes of one that was cut', () => {
    const streams = operations.filter(
      ({ operation }) => operation.responses?.['200']?.content?.['text/event-stream'] !== undefined,
    )

    expect(streams.length).toBeGreaterThan(9)
    for (const { procedure, operation } of streams) {
      const names = (operation.parameters ?? []).map(({ name }) => name)
      expect([procedure.name, procedure.stream]).toEqual([procedure.name, expect.any(String)])
      expect([procedure.name, names.includes('Last-Event-ID')]).toEqual([
        procedure.name,
        procedure.stream === 'resumes',
      ])
    }
  })

  it('that answers under its former name until 1.0 as well says so there', () => {
    for (const name of ['list', 'get', 'run', 'cancel']) {
      const [former, now] = [byName(`door/${name}`), byName(`exposure/${name}`)]
      expect([former.deprecated, now.deprecated ?? false]).toEqual([true, false])
      expect(former.responses).toEqual(now.responses)
    }
    expect(operations.filter(({ operation }) => operation.deprecated)).toHaveLength(4)
  })

  it('that pages does so in the one way there is', () => {
    const paging = operations.filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'cursor'))

    expect(paging.map(({ procedure }) => procedure.name)).toEqual([
      'generations/list',
      'gallery/bin',
      'audit/list',
      'timeline/list',
    ])
    for (const { operation } of paging) {
      expect(operation.parameters?.some(({ name, required }) => name === 'limit' && !required)).toBe(true)
      expect(operation.responses?.['200']?.content?.['application/json']?.schema).toMatchObject({
        properties: { items: { type: 'array' }, nextCursor: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      })
    }
  })

  it('is OpenAPI 3.1: tuples, files and events are written as it has them', () => {
    const text = JSON.stringify(document)

    expect(document.openapi).toMatch(/^3\.1/)
    expect(text).not.toMatch(/"items":\[/)
    expect(text).toContain('"prefixItems":[')
    expect(byName('images/thumbnail').responses?.['200']?.content).toEqual({ 'image/webp': {} })
    expect(statuses(byName('images/get'))).toEqual(expect.arrayContaining([200, 206, 304, 416]))
    expect(byName('vault/import').requestBody?.content).toHaveProperty(['multipart/form-data'])
    expect(byName('vault/import').requestBody?.content).not.toHaveProperty(['application/json'])
  })
})
