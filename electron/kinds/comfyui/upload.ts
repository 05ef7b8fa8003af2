import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { mediaOf } from '../../../shared/media'
import { Problem } from '../../../shared/problems'
import type { InputPicture } from '../backend'
import { answerProblem, type BackendClient } from '../client'
import { parseJson } from '../json'
import { sizeText } from '../limits'

/** Where the pictures lie in the service's input folder: apart from those of people. */
const subfolder = 'regie'

const Uploaded = z.object({ name: z.string().min(1).max(300), subfolder: z.string().max(300).default('') })

/** How long the way of one picture may take, in ms. */
const uploadMs = 5 * 60_000

function formOf({ bytes, mime }: InputPicture): { type: string; content: Buffer } {
  const boundary = `regie-${randomUUID()}`
  const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${mediaOf(mime).ending}`
  const field = (key: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`
  const head =
    `${field('type', 'input')}${field('subfolder', subfolder)}--${boundary}\r\n` +
    `Content-Disposition: form-data; name="image"; filename="${name}"\r\nContent-Type: ${mime}\r\n\r\n`
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/**
 * Puts a picture into the service's input folder under a name made of its content, and returns the name that `LoadImage`
 * knows it by. Nothing is overwritten: the service keeps the same bytes once, and gives another file of that name, which
 * is not ours, a neighbour (server.py, `image_upload`). Throws a Problem where the service does not take it.
 */
export async function uploadPicture(
  client: BackendClient,
  picture: InputPicture,
  signal: AbortSignal,
): Promise<string> {
  const form = formOf(picture)
  const call = { method: 'POST', path: '/upload/image', form, timeoutMs: uploadMs, kind: 'act', signal } as const
  const answer = await client.call(call)
  if (answer.status === 413) throw new Problem('backend.picture-too-large', { size: sizeText(picture.bytes.length) })
  if (answer.status !== 200) throw answerProblem(answer, { kind: client.kind, url: client.url, call })
  const uploaded = Uploaded.safeParse(parseJson(answer.body.toString('utf8')))
  if (!uploaded.success)
    throw new Problem('backend.unexpected-answer', { asked: `POST ${call.path}`, kind: 'ComfyUI', detail: 'no name' })
  const { name, subfolder: folder } = uploaded.data
  return folder === '' ? name : `${folder.replaceAll('\\', '/')}/${name}`
}
