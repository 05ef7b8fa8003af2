import { readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createLinter, noFacts, type LintTarget } from '../../../electron/compose/lint'
import { LintChange, LintReport } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { long } from '../../support/long'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { comfyuiEnv, comfyuiQwen, dummyHash, forgeEnv, forgeTurbo } from '../../unit/compose/lint/coursia'
import { folder } from '../simulator/support'

const facts = { ...noFacts, environment: {} }

async function project(files: Record<string, string>) {
  const at = folder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(at, name)), { recursive: true })
    await writeFile(path.join(at, name), text)
  }
  const target: LintTarget = { files: { file: path.join(at, 'compose.yaml') }, facts, check: null }
  const historyFile = path.join(folder(), 'changes.json')
  const start = () => createLinter({ historyFile, redact: (text) => text })
  return {
    at,
    target,
    historyFile,
    start,
    linter: start(),
    read: (name: string) => readFileSync(path.join(at, name), 'utf8'),
  }
}

const fixOf = (report: LintReport, problem: string) => {
  const fix = report.findings.find(({ reason }) => reason.problem === problem)?.fixes[0]
  if (!fix) throw new Error(`no fix for ${problem}`)
  return fix
}

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error.id
    throw error
  }
  return 'done'
}

describe('applying a fix', () => {
  it('writes what was shown, keeps the mode, and takes it back byte by byte, also after a restart of the panel', async () => {
    const { at, target, linter, start, read, historyFile } = await project({
      'compose.yaml': forgeTurbo,
      '.env': comfyuiEnv,
    })
    await chmod(path.join(at, '.env'), 0o640)
    const before = await linter.report(target)

    const { change, report } = await linter.fix(target, [fixOf(before, 'lint.env-dollar-hash').id], before.files)

    expect(read('.env')).toBe(comfyuiEnv.replace(`=${dummyHash}\r`, `='${dummyHash}'\r`))
    expect(statSync(path.join(at, '.env')).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o640)
    expect(change).toMatchObject({ rules: ['env-dollar'], files: ['.env'], needs: 'recreate' })
    expect(report.undo).toEqual(change)
    expect(readFileSync(historyFile, 'utf8')).not.toContain('DUMMY')

    const { report: after } = await start().undo(target, change.id)

    expect(read('.env')).toBe(comfyuiEnv)
    expect(after.undo).toBeNull()
  })

  it('refuses when a file is not as it was shown, and writes nothing', async () => {
    const { at, target, linter, read } = await project({ 'compose.yaml': forgeTurbo, '.env': comfyuiEnv })
    const shown = await linter.report(target)
    await writeFile(path.join(at, '.env'), `${comfyuiEnv}# edited\n`)

    expect(await refusal(linter.fix(target, [fixOf(shown, 'lint.env-dollar-hash').id], shown.files))).toBe(
      'lint.changed',
    )
    expect(await refusal(linter.fix(target, [fixOf(shown, 'lint.port-open').id], []))).toBe('lint.changed')
    expect(await refusal(linter.fix(target, ['gone.0'], (await linter.report(target)).files))).toBe('lint.no-such-fix')
    expect(read('compose.yaml')).toBe(forgeTurbo)
  })

  it('takes back what Compose does not accept any more', async () => {
    const { target, linter, read } = await project({ 'compose.yaml': forgeTurbo, '.env': forgeEnv })
    const check = () =>
      read('compose.yaml') === forgeTurbo
        ? Promise.resolve()
        : Promise.reject(new Problem('compose.failed', { action: 'config', code: 1, output: 'no' }))
    const shown = await linter.report(target)

    const fix = linter.fix({ ...target, check }, [fixOf(shown, 'lint.port-open').id], shown.files)

    expect(await refusal(fix)).toBe('lint.refused-by-compose')
    expect(read('compose.yaml')).toBe(forgeTurbo)
    expect((await linter.report(target)).undo).toBeNull()
  })

  it('goes on where Compose did not accept the files before either, and where it is missing', long, async () => {
    const { target, linter, read } = await project({ 'compose.yaml': forgeTurbo, '.env': forgeEnv })
    const never = () => Promise.reject(new Problem('compose.failed', { action: 'config', code: 1, output: 'no' }))
    const shown = await linter.report(target)
    const { report } = await linter.fix({ ...target, check: never }, [fixOf(shown, 'lint.port-open').id], shown.files)
    const missing = () => Promise.reject(new Problem('compose.cli-missing'))

    await linter.fix({ ...target, check: missing }, [fixOf(report, 'lint.port-open').id], report.files)

    expect(read('compose.yaml')).toContain('"127.0.0.1:1111:1111"')
  })

  it('does not take back what somebody changed since', async () => {
    const { at, target, linter } = await project({ 'compose.yaml': forgeTurbo, '.env': forgeEnv })
    const shown = await linter.report(target)
    const { change } = await linter.fix(target, [fixOf(shown, 'lint.port-open').id], shown.files)
    await writeFile(path.join(at, 'compose.yaml'), `${readFileSync(path.join(at, 'compose.yaml'), 'utf8')}# mine\n`)

    expect((await linter.report(target)).undo).toBeNull()
    expect(await refusal(linter.undo(target, change.id))).toBe('lint.undo-gone')
  })

  it('makes folders that are missing, and takes them away again while they are empty', long, async () => {
    const yaml = forgeTurbo.replace('../../shared/models', './models')
    const { at, target, linter } = await project({ 'compose.yaml': yaml, '.env': forgeEnv })
    const shown = await linter.report(target)
    const { change } = await linter.fix(target, [fixOf(shown, 'lint.source-missing-folder').id], shown.files)
    expect((await stat(path.join(at, 'models'))).isDirectory()).toBe(true)
    expect(change.files).toEqual(['models'])

    await linter.undo(target, change.id)

    await expect(stat(path.join(at, 'models'))).rejects.toThrow('ENOENT')
  })

  it('keeps a file that a container mounts by itself the same file', async () => {
    const files = { 'compose.yaml': comfyuiQwen, '.env': comfyuiEnv, 'entrypoint.sh': '#!/bin/bash\r\nexec x\r\n' }
    const { at, target, linter, read } = await project(files)
    const script = path.join(at, 'entrypoint.sh')
    const inode = statSync(script).ino
    const shown = await linter.report(target)

    await linter.fix(target, [fixOf(shown, 'lint.crlf-script').id], shown.files)

    expect(read('entrypoint.sh')).toBe('#!/bin/bash\nexec x\n')
    expect(statSync(script).ino).toBe(inode)
  })

  it('keeps what leads back from a removed secret out of the data folder', async () => {
    const { target, linter, historyFile, read } = await project({ 'compose.yaml': forgeTurbo, '.env': forgeEnv })
    const shown = await linter.report(target)
    const { change } = await linter.fix(target, [fixOf(shown, 'lint.secret-default').id], shown.files)
    expect(read('compose.yaml')).not.toContain('changeme-dummy')
    expect(() => readFileSync(historyFile)).toThrow('ENOENT')

    await linter.undo(target, change.id)

    expect(read('compose.yaml')).toBe(forgeTurbo)
  })

  it('a Compose file that is gone is a problem with a name, not an exception', async () => {
    const { at, target, linter } = await project({ 'compose.yaml': forgeTurbo })
    await rm(path.join(at, 'compose.yaml'))

    expect(await refusal(linter.report(target))).toBe('lint.file-missing')
    expect(await refusal(linter.report({ ...target, files: { file: at } }))).toBe('lint.file-missing')
  })
})

describe('over the API', () => {
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let running: RunningPanel
  let at: string

  beforeAll(async () => {
    programs = await bundlePanelPrograms()
    running = await startPanel({ programs: programs.programs })
    at = await mkdtemp(path.join(os.tmpdir(), 'regie-lint-'))
    await writeFile(path.join(at, 'compose.yaml'), forgeTurbo)
    await writeFile(path.join(at, '.env'), forgeEnv)
    const compose = { file: path.join(at, 'compose.yaml'), service: 'forge-turbo' }
    const service = { id: 'forge-turbo', kind: 'forge', runtime: 'compose', url: 'http://127.0.0.1:17861', compose }
    expect((await running.rest('POST', 'services', service)).status).toBe(201)
  })
  afterAll(async () => {
    await running.stop()
    await programs.remove()
    await rm(at, { recursive: true, force: true })
  })

  it('a service’s findings come without secrets; a fix is applied, audited and taken back', async () => {
    const { body } = await running.rest('GET', 'services/forge-turbo/lint')
    expect(JSON.stringify(body)).not.toMatch(/changeme-dummy|dummy,password/)
    const report = LintReport.parse(body)
    const { id } = fixOf(report, 'lint.port-open')

    const fixed = await running.rest('POST', 'services/forge-turbo/lint/fix', {
      fixes: [id],
      files: report.files.map(({ path: file, state }) => ({ path: file, state })),
    })

    expect(fixed.status).toBe(200)
    const { change } = z.object({ change: LintChange }).parse(fixed.body)
    expect(readFileSync(path.join(at, 'compose.yaml'), 'utf8')).toContain('"127.0.0.1:${FORGE_PORT:-17861}:17860"')
    const undone = await running.rest('POST', 'services/forge-turbo/lint/undo', { change: change.id })
    expect(undone.status).toBe(200)
    expect(readFileSync(path.join(at, 'compose.yaml'), 'utf8')).toBe(forgeTurbo)
    const actions = (await running.panel.parts.audit.history('forge-turbo', 10)).map(({ action }) => action)
    expect(actions).toEqual(['compose.undone', 'compose.fixed'])
  })

  it('files are looked at before they become a service', long, async () => {
    const { status, body } = await running.rest('POST', 'docker/lint', { file: at })

    expect(status).toBe(200)
    expect(LintReport.parse(body).counts.danger).toBeGreaterThan(0)
  })

  it('a service without Compose files has no findings but a reason', async () => {
    const { status, body } = await running.rest('GET', 'services/comfyui-demo/lint')

    expect([status, body]).toMatchObject([409, { data: { problem: 'lint.not-compose' } }])
  })
})
