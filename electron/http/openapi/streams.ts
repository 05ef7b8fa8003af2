import type { StreamKind } from '../../../shared/contract'
import type { Answer, Parameter } from './document'

/** What becomes of a stream that was cut, by its kind. */
export const streamText: Record<StreamKind, string> = {
  resumes:
    'A stream of events (`text/event-stream`), each with an id. Whoever was cut off sends the last one as ' +
    '`Last-Event-ID` and is told what came after it, nothing twice and nothing left out. Without one, or with one ' +
    'that is no longer known, it begins anew.',
  state:
    'A stream of events (`text/event-stream`). Each tells how things stand as a whole, the first at once, so that there ' +
    'is nothing to resume: whoever was cut off connects again.',
  anew: 'A stream of events (`text/event-stream`). It tells of work that each connection begins anew.',
}

/** The header of those that resume. */
export const streamParameters = (stream: StreamKind | undefined): Parameter[] =>
  stream === 'resumes'
    ? [
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'The id of the last event that arrived.',
          schema: { type: 'string' },
        },
      ]
    : []

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * The data of an event is text that holds JSON, as OpenAPI describes it since 3.2:
 * https://spec.openapis.org/oas/v3.2.0#server-sent-event-streams
 */
export function toldAsText(answer: Answer): Answer {
  const media = answer.content?.['text/event-stream']
  if (!media?.schema?.oneOf) return answer
  const oneOf = media.schema.oneOf.map((event) => {
    if (!isObject(event) || !isObject(event['properties'])) return event
    const { data, ...properties } = event['properties']
    const text = { type: 'string', contentMediaType: 'application/json', contentSchema: data }
    return { ...event, properties: { ...properties, data: text } }
  })
  return { ...answer, content: { 'text/event-stream': { schema: { oneOf } } } }
}
