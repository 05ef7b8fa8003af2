import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

const folder = path.resolve(import.meta.dirname, '../../support/nvidia-smi')

// A shell script, which Windows does not run.
it.skipIf(process.platform === 'win32')('the replay program tells processes without node as it does with it', () => {
  const args = ['--query-compute-apps=gpu_uuid,pid,used_memory,process_name', '--format=csv,noheader,nounits']
  const env = { ...process.env, REGIE_REPLAY_SCENARIO: 'workstation', REGIE_REPLAY_STARTS: '' }
  const said = (program: string, more: string[]) => spawnSync(program, [...more, ...args], { env, encoding: 'utf8' })

  const byNode = said(process.execPath, [path.join(folder, 'nvidia-smi.mjs')])
  const byShell = said(path.join(folder, 'nvidia-smi'), [])

  expect(byNode.stdout.split('\n').length).toBeGreaterThan(2)
  expect([byShell.status, byShell.stdout]).toEqual([0, byNode.stdout])
})
