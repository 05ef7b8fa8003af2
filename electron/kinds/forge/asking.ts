import { Problem } from '../../../shared/problems'
import { callFor, type BackendClient, type Call, type Question } from '../client'
import type { HttpAnswer } from '../http'
import type { ReadAs, ReadingName } from '../reading/readings'
import { whyNotFound } from './not-found'

/** Questions to a WebUI, whose 404s need explaining. */
export function createAsking(client: BackendClient) {
  /** A 404 is explained by what else answers. */
  async function fetched(call: Call): Promise<HttpAnswer> {
    const answer = await client.call(call)
    if (answer.status === 404) throw (await whyNotFound(client, call)).problem
    return answer
  }

  async function read<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R>> {
    const answer = await fetched(callFor(name, question))
    client.expectOk(answer, question)
    return client.pick(name, question, answer.body)
  }

  /** The same where another status or another answer says nothing. */
  async function told<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R> | null> {
    const answer = await client.call(callFor(name, question))
    if (answer.status >= 500) client.expectOk(answer, question)
    if (answer.status !== 200) return null
    return client.pick(name, question, answer.body).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
  }

  return { fetched, read, told }
}
