import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A tar archive with one file in it (POSIX ustar). */
function archive(name: string, data: Buffer): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  header.write(name)
  header.write(octal(0o755, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(data.length, 11), 124)
  header.write(octal(0, 11), 136)
  header.fill(' ', 148, 156)
  header.write('0ustar\x0000', 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, data, Buffer.alloc(((512 - (data.length % 512)) % 512) + 1024)])
}

/**
 * A registry with one image of a few layers, on loopback, where Docker asks for no TLS. It sends slowly, a piece every
 * `pauseMs`; images named `nope` are unknown to it, and those named `denied` are refused.
 */
export async function startRegistry({ pauseMs }: { pauseMs: number }) {
  const layers = [1, 2].map((number) => archive(`file-${number}`, randomBytes(400_000)))
  const packed = layers.map((layer) => gzipSync(layer))
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/file-1'] },
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
      history: layers.map(() => ({ created_by: 'test' })),
    }),
  )
  const type = 'application/vnd.docker.distribution.manifest.v2+json'
  const of = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: of('application/vnd.docker.container.image.v1+json', config),
      layers: packed.map((layer) => of('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)),
    }),
  )
  const blobs = new Map([config, ...packed].map((bytes) => [digestOf(bytes), bytes]))

  const server = createServer((request, response) => {
    const [, name = '', kind, digest = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? []
    const refuse = (status: number, code: string, message: string) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ code, message }] }))
    if (name.includes('nope')) return void refuse(404, 'MANIFEST_UNKNOWN', 'manifest unknown')
    if (name.includes('denied')) return void refuse(401, 'UNAUTHORIZED', 'authentication required')
    if (kind === 'manifests') {
      const headers = {
        'content-type': type,
        'docker-content-digest': digestOf(manifest),
        'content-length': manifest.length,
      }
      return void response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : manifest)
    }
    const blob = blobs.get(digest)
    if (!blob) return void response.end('{}')
    response.writeHead(200, { 'content-length': blob.length })
    void (async () => {
      for (let at = 0; at < blob.length && !response.destroyed; at += 40_000) {
        response.write(blob.subarray(at, at + 40_000))
        await wait(pauseMs)
      }
      response.end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return {
    host: `127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
