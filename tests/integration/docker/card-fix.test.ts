import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CardIdentity, Diagnosis, LintChange, LintReport } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { nvidiaSmiOnPath } from '../../support/nvidia-smi'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

/** The cards of the workstation that is replayed, by nvidia-smi's index. */
const small = 'GPU-1a2b3c4d-0000-1111-2222-333344445555'
const large = 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff'

const [program] = await composePrograms()

const Rendered = z.object({
  services: z.object({
    studio: z.object({
      deploy: z.object({
        resources: z.object({
          reservations: z.object({ devices: z.array(z.object({ device_ids: z.array(z.string()) })) }),
        }),
      }),
    }),
  }),
})

await describeWithDocker('a service whose Compose file asks for another card than is meant', (docker) => {
  describe.skipIf(process.platform === 'win32' || program === undefined)('with the identity’s fix', () => {
    let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
    let project: TestProject
    let running: RunningPanel
    const written = [
      '# two cards: this one paints   ',
      'services:',
      '  studio:',
      `    image: ${docker.image}`,
      "    command: [ 'comfyui' ]  # kept",
      '    deploy:',
      '      resources:',
      '        reservations:',
      '          devices:',
      '            - driver: nvidia',
      "              device_ids: ['1']",
      '              capabilities: [gpu]',
      '  other:',
      `    image: ${docker.image}`,
      '    environment: { CARD: "1" }',
      '',
    ].join('\n')

    beforeAll(async () => {
      for (const [name, value] of Object.entries({ ...nvidiaSmiOnPath('workstation'), DOCKER_HOST: docker.host }))
        vi.stubEnv(name, value)
      programs = await bundlePanelPrograms()
      project = await composeProject(docker)
      await project.write('compose.yaml', written)
      running = await startPanel({ programs: programs.programs, demo: false })
      const service = {
        id: 'studio',
        kind: 'comfyui',
        runtime: 'compose',
        url: 'http://127.0.0.1:8188',
        gpuUuid: small,
      }
      await rest('POST', 'services', { ...service, compose: { file: file(), service: 'studio' } })
      await until('the cards are read', async () => z.array(z.unknown()).parse(await rest('GET', 'gpus')).length === 2)
    })
    afterAll(async () => {
      await running.stop()
      await project.remove()
      await programs.remove()
      vi.unstubAllEnvs()
    })

    const file = () => path.join(project.folder, 'compose.yaml')
    const rest = async (method: string, at: string, body?: unknown) => {
      const answer = await running.rest(method, at, body)
      if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
      return answer.body
    }
    const ofStudio = async (uuid: string) =>
      CardIdentity.parse(await rest('GET', `gpus/${uuid}/identity`)).services.find(
        ({ serviceId }) => serviceId === 'studio',
      )
    const cardInDiagnosis = async () =>
      Diagnosis.parse(await rest('POST', 'services/studio/diagnose')).findings.find(
        ({ cause }) => cause === 'other-card',
      )
    /** What Compose itself makes of the file. */
    const rendered = () => {
      const [command = '', ...args] = program?.command ?? []
      const options = {
        cwd: project.folder,
        encoding: 'utf8',
        env: { ...program?.own, DOCKER_HOST: docker.host },
      } as const
      const { deploy } = Rendered.parse(parse(execFileSync(command, [...args, 'config'], options))).services.studio
      return deploy.resources.reservations.devices.map(({ device_ids: ids }) => ids)
    }

    test('Compose then asks for the card that is meant, nothing else has changed, and it can be taken back', async () => {
      expect(rendered()).toEqual([['1']])
      const before = await ofStudio(small)
      expect(before).toMatchObject({
        ...{ state: 'contradicts', meant: small, onCard: true, reason: { problem: 'identity.settings-differ' } },
        requested: { in: 'files', settings: ['device_ids: 1 (gpu)'], gives: [large] },
        fix: { file: file(), line: 11, fix: { needs: 'recreate' } },
      })
      if (!before?.fix) throw new Error('no fix')
      const { fix, files } = before.fix
      expect(await cardInDiagnosis()).toMatchObject({
        ...{ state: 'present', reason: { problem: 'doctor.other-card' } },
        fixes: [
          {
            acts: [
              { kind: 'lint-fix', fixes: [fix.id], files },
              { kind: 'recreate', serviceId: 'studio' },
            ],
          },
        ],
      })

      const { change } = z
        .object({ change: LintChange, report: LintReport })
        .parse(await rest('POST', 'services/studio/lint/fix', { fixes: [fix.id], files }))

      expect(rendered()).toEqual([[small]])
      const after = await readFile(file(), 'utf8')
      const shown = fix.diffs.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines))
      const textsOf = (kind: string) => shown.filter((line) => line.kind === kind).map(({ text }) => text)
      expect(textsOf('removed')).toEqual(["              device_ids: ['1']"])
      expect(textsOf('added').filter((text) => text.includes(small))).toHaveLength(2)
      const added = new Set(textsOf('added'))
      const kept = written.split('\n').filter((line) => !line.includes('device_ids'))
      expect(after.split('\n').filter((line) => !added.has(line))).toEqual(kept)
      expect(await ofStudio(small)).toMatchObject({ requested: { gives: [small] }, fix: null })
      expect((await ofStudio(small))?.state).not.toBe('contradicts')
      expect(await cardInDiagnosis()).toBeUndefined()

      await rest('POST', 'services/studio/lint/undo', { change: change.id })

      expect(await readFile(file(), 'utf8')).toBe(written)
      expect(rendered()).toEqual([['1']])
      expect(await ofStudio(small)).toMatchObject({ state: 'contradicts' })
    })

    test('a file that was changed since it was shown is left alone', async () => {
      const shown = await ofStudio(small)
      const { fix, files } = shown?.fix ?? {}
      await project.write('compose.yaml', `${written}# mine\n`)
      const refused = await running.rest('POST', 'services/studio/lint/fix', { fixes: [fix?.id], files })
      expect(refused).toMatchObject({ status: 409, body: { data: { problem: 'lint.changed' } } })
      expect(await readFile(file(), 'utf8')).toBe(`${written}# mine\n`)
    })
  })
})
