import * as z from 'zod'
import { lastLine, type Symptoms } from '../symptoms'
import { deadWebThread } from './web-thread'

/** FastAPI's HTTPBasic, and Forge's own words. */
const Refusal = z.object({
  detail: z.enum(['Not authenticated', 'Invalid authentication credentials', 'Incorrect username or password']),
})
/** `GET /sdapi/v1/options`: any of the keys that every WebUI has. */
const Options = z.object({ sd_model_checkpoint: z.unknown() })

export const forgeSymptoms: Symptoms = {
  isOpen: (json) => Options.safeParse(json).success,
  isRefusal: (json) => Refusal.safeParse(json).success,
  // It names no realm.
  challenge: /^basic$/i,
  flagsIn: () => [],
  readPage: null,
  // Without its API routes it is Forge all the same.
  asksOnlyItself: false,
  form: ({ username, password }, { config }) =>
    config?.status === 401 && username !== null && password !== null
      ? { id: 'gradio-login', fields: { username, password } }
      : null,
  opensBy: null,
  layers: 'api-and-pages',
  causes: ['not-protected', 'api-off'],
  loginFile: null,
  variables: /^(?:FORGE|WEB|WEBUI|SD|GRADIO|API)_?(?:USER|USERNAME|PASSWORD|PASS)$/,
  readLog: (lines) => ({
    brokenApiAuth: lastLine(lines, /ValueError: (?:too many|not enough) values to unpack/),
    webThread: deadWebThread(lines),
  }),
}
