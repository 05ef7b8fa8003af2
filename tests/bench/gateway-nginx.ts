import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { freePort } from '../support/ports'
import { until } from '../support/until'

const program = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find((file) => existsSync(file))

/** Whether nginx can be compared with. */
export const hasNginx = program !== undefined

const common = (folder: string, servers: string) => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log crit; worker_rlimit_nofile 4096;
events { worker_connections 2048; }
http {
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 10000000; client_max_body_size 0;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; default_type application/octet-stream;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  ${servers}
}
`

const passing = (to: number, name: string) => `
  upstream ${name} { server 127.0.0.1:${to}; keepalive 64; keepalive_requests 10000000; }`

const proxied = (name: string) => `proxy_pass http://${name}; proxy_http_version 1.1; proxy_request_buffering off;
      proxy_set_header Connection $connection_upgrade; proxy_set_header Upgrade $http_upgrade; proxy_read_timeout 600s;`

async function start(folder: string, servers: string, port: number) {
  if (!program) throw new Error('there is no nginx')
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, 'nginx.conf')
  await writeFile(file, common(folder, servers))
  const child = spawn(program, ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  await until('nginx to answer', () => fetch(url).then(() => true), 10_000)
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** A service of nginx with a small and a large file; the rest is passed on to another program. */
export async function startFiles(folder: string, { largeBytes, others }: { largeBytes: number; others: number }) {
  const root = path.join(folder, 'files', 'userdata')
  await mkdir(root, { recursive: true })
  await writeFile(path.join(root, 'small.json'), JSON.stringify({ a: 'x'.repeat(1000) }))
  const large = await open(path.join(root, 'large.bin'), 'w')
  await large.truncate(largeBytes)
  await large.close()
  const port = await freePort()
  const servers = `${passing(others, 'others')}
  server { listen 127.0.0.1:${port}; root ${path.join(folder, 'files')};
    location = /ws { ${proxied('others')} }
    location = /prompt { ${proxied('others')} }
    location = /userdata/up.bin { ${proxied('others')} }
  }`
  return start(path.join(folder, 'upstream'), servers, port)
}

/** nginx in the place of the gateway. */
export async function startProxy(folder: string, to: number) {
  const port = await freePort()
  const servers = `${passing(to, 'service')}
  server { listen 127.0.0.1:${port}; location / { ${proxied('service')} } }`
  return start(path.join(folder, 'proxy'), servers, port)
}
