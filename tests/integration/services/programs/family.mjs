// A server with a family: two children that do nothing, one of them in a process group of its own, and one that serves.
// node family.mjs <simulator> <port> <folder>
import { spawn } from 'node:child_process'

const [simulator, port, folder] = process.argv.slice(2)
const idle = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']
const children = [
  spawn(process.execPath, idle, { stdio: 'ignore' }),
  spawn(process.execPath, idle, { stdio: 'ignore', detached: true }),
  spawn(process.execPath, [simulator, 'comfyui', '--port', port, '--folder', folder], { stdio: 'inherit' }),
]
console.log(`family ${[process.pid, ...children.map((child) => child.pid)].join(' ')}`)
