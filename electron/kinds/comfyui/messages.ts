import * as z from 'zod'
import { parseJson } from '../json'
import { ExecutionError } from './schemas'

const NodeId = z.union([z.string(), z.number().transform(String)])
const PromptId = z.string().optional()

const Message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    data: z.object({ status: z.object({ exec_info: z.object({ queue_remaining: z.number() }) }) }),
  }),
  z.object({ type: z.literal('execution_start'), data: z.object({ prompt_id: z.string() }) }),
  z.object({ type: z.literal('execution_cached'), data: z.object({ prompt_id: z.string(), nodes: z.array(NodeId) }) }),
  /** Without `prompt_id` right after a reconnect: then it is about this client's running prompt. */
  z.object({ type: z.literal('executing'), data: z.object({ prompt_id: PromptId, node: NodeId.nullable() }) }),
  z.object({
    type: z.literal('progress'),
    data: z.object({ prompt_id: PromptId, node: NodeId.nullish(), value: z.number(), max: z.number() }),
  }),
  z.object({
    type: z.literal('progress_state'),
    data: z.object({
      prompt_id: z.string(),
      nodes: z.record(z.string(), z.object({ value: z.number(), max: z.number(), state: z.string() })),
    }),
  }),
  z.object({ type: z.literal('execution_success'), data: z.object({ prompt_id: z.string() }) }),
  z.object({ type: z.literal('execution_error'), data: ExecutionError }),
  z.object({ type: z.literal('execution_interrupted'), data: z.object({ prompt_id: z.string() }) }),
])

/** A JSON message of ComfyUI's WebSocket that Regie reads (server.py, execution.py). */
export type ComfyMessage = z.infer<typeof Message>

/** Returns null for types that are not read (custom nodes add their own) and for what is not valid. */
export function readMessage(text: string): ComfyMessage | null {
  const message = Message.safeParse(parseJson(text))
  return message.success ? message.data : null
}
