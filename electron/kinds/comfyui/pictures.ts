import { Problem } from '../../../shared/problems'
import type { BackendImage } from '../backend'
import { answerProblem, type BackendClient } from '../client'
import type { OutputFile } from './schemas'

const viewMs = 30 * 60_000

async function* piecesOf(
  client: BackendClient,
  file: OutputFile,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const query = new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type })
  const call = { path: `/view?${query}`, timeoutMs: viewMs, kind: 'pictures', signal } as const
  const answer = await client.download(call)
  if ('pieces' in answer) yield* answer.pieces
  else if (answer.status === 404) throw new Problem('backend.image-gone', { file: file.filename })
  else throw answerProblem(answer, { kind: client.kind, url: client.url, call })
}

/** A file of the service, which is fetched when it is read. */
export const pictureOf = (client: BackendClient, file: OutputFile, signal: AbortSignal): BackendImage => ({
  pieces: () => piecesOf(client, file, signal),
  place: [file.type, ...file.subfolder.split(/[\\/]/)].filter((part) => part !== '').join('/'),
  name: file.filename,
})
