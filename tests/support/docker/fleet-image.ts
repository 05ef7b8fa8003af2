import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { TestDocker } from '../docker'
import type { FleetEngine } from './fleet-engines'

/** What a service of the fleet runs in tests: the simulator, at the place and as the user of the real stack. */
export async function fleetImage({ client, image }: TestDocker, engines: readonly FleetEngine[]): Promise<string> {
  const repo = 'regie-fleet-test'
  const tag = image.slice(image.lastIndexOf(':') + 1)
  const name = `${repo}:${tag}`
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-fleet-image-'))
  const container = await client.createContainer({ Image: image })
  try {
    // Its parents are made by the engine where they are missing, and belong to root then.
    await mkdir(path.join(folder, 'opt/ComfyUI/login'), { recursive: true })
    for (const place of ['opt/ComfyUI', 'opt/ComfyUI/login']) await chmod(path.join(folder, place), 0o777)
    await mkdir(path.join(folder, 'bin'))
    await copyFile('/bin/sleep', path.join(folder, 'bin/sleep'))
    const tar = spawn('tar', ['-C', folder, '-c', 'opt', 'bin'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await container.putArchive(tar.stdout, { path: '/' })
    const words = ['/bin/node', '/app/simulator.js', 'comfyui', '--host', '0.0.0.0', '--folder', '/opt/ComfyUI']
    await container.commit({ repo, tag, changes: [`ENTRYPOINT ${JSON.stringify(words)}`] })
  } finally {
    await container.remove({ force: true })
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const engine of engines) {
      const saved = await client.getImage(name).get()
      const progress = await engine.client.loadImage(saved, { quiet: true })
      await ended(progress as Readable) // what dockerode calls a stream is node's own
    }
  } finally {
    await client.getImage(name).remove({ force: true })
  }
  return name
}

const ended = (stream: Readable) =>
  new Promise<void>((resolve, reject) => {
    stream.on('end', () => resolve()).on('error', reject)
    stream.resume()
  })
