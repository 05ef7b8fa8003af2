import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { bundlePanelPrograms, startPanel } from '../../support/panel'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { findPrometheus } from '../../support/prometheus'
import { until } from '../../support/until'

const root = path.resolve(import.meta.dirname, '../../..')
const rules = path.join(root, 'tests/unit/metrics/regie.rules.test.yml')

const Answer = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
})

const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
})

/** What the dashboard asks, as Grafana would with everything chosen. */
async function questions(): Promise<{ title: string; query: string }[]> {
  const text = await readFile(path.join(root, 'resources/monitoring/grafana-dashboard.json'), 'utf8')
  return Dashboard.parse(JSON.parse(text)).panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, query: expr.replaceAll(/\$(?:instance|service)\b/g, '.*') })),
  )
}

/** What a panel without jobs, cards, rotations and gateways has nothing of, and what looks at longer than it runs. */
const withoutWork =
  /regie_(?:generation|generations|images|job|jobs|gpu|service_vram|rotation|rotations|gateway|line|service_queue|attention)_/

describe('a real Prometheus', long, () => {
  test('finds the rules in order, and they fire when they should', ({ skip }) => {
    const found = findPrometheus()
    if (typeof found === 'string') return skip(found)
    for (const args of [
      ['check', 'rules', path.join(root, 'resources/monitoring/regie.rules.yml')],
      ['test', 'rules', rules],
    ]) {
      const { status, stdout, stderr } = spawnSync(found.promtool, args, { encoding: 'utf8' })
      expect(`${stdout}${stderr}`).toContain('SUCCESS')
      expect(status).toBe(0)
    }
  })

  test('reads the panel with the configuration that is given to people', { timeout: 120_000 }, async ({ skip }) => {
    const found = findPrometheus()
    if (typeof found === 'string') return skip(found)
    const programs = await bundlePanelPrograms()
    const running = await startPanel(programs)
    const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-prometheus-'))
    const given = path.join(root, 'resources/monitoring')
    await cp(path.join(given, 'regie.rules.yml'), path.join(folder, 'regie.rules.yml'))
    const configuration = await readFile(path.join(given, 'prometheus.yml'), 'utf8')
    await writeFile(
      path.join(folder, 'prometheus.yml'),
      configuration.replace('127.0.0.1:7420', new URL(running.url).host).replace('15s', '1s'),
    )
    const made = await running.rest('POST', 'metrics-token')
    const { token } = z.object({ token: z.string() }).parse(made.body)
    await writeFile(path.join(folder, 'regie-metrics.token'), `${token}\n`, { mode: 0o600 })
    const port = await freePort()
    const child = spawn(
      found.prometheus,
      [
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
    const gone = once(child, 'exit')
    const ask = async (query: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)
      return Answer.parse(await answer.json()).data.result
    }
    try {
      const up = await until(
        'Prometheus to have read the panel',
        async () => {
          const known = (await ask('regie_service_up')).map(({ metric }) => metric['service'])
          return known.length > 0 && known
        },
        60_000,
      )
      expect(up.toSorted()).toEqual(['comfyui-demo', 'forge-demo'])
      expect((await ask('up{job="regie"}')).map(({ value }) => value[1])).toEqual(['1'])
      // It understands all that the dashboard asks, and answers what an idle panel has.
      const all = await questions()
      let unanswered = all
      const isAnswered = async () => {
        const answers = await Promise.all(all.map(async (each) => ({ each, count: (await ask(each.query)).length })))
        unanswered = answers.flatMap(({ each, count }) => (count > 0 || withoutWork.test(each.query) ? [] : [each]))
        return unanswered.length === 0
      }
      await until('all to be answered', isAnswered, 30_000).catch(() => undefined)
      expect(unanswered).toEqual([])
      // Until then the first scrapes are kept; from now on it is refused.
      await running.rest('DELETE', 'metrics-token')
      const refused = async () => (await ask('up{job="regie"}')).some(({ value }) => value[1] === '0')
      await until('Prometheus to be refused', refused, 60_000)
    } finally {
      child.kill('SIGTERM')
      await gone
      await running.stop()
      await programs.remove()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
