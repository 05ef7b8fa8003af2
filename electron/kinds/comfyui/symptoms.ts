import * as z from 'zod'
import { lastLine, type Symptoms } from '../symptoms'
import { readLoginPage } from './login-page'

/** `GET /system_stats`; the flags that concern protection are taken from its command line. */
const Stats = z.object({
  system: z.object({ comfyui_version: z.string().optional(), argv: z.array(z.string()).optional() }),
  devices: z.array(z.unknown()),
})
/** ComfyUI-Login's refusal, word for word (`password.py`). */
const LoginRefusal = z.object({ error: z.literal('Authentication required.') })

export const comfyuiSymptoms: Symptoms = {
  isOpen: (json) => Stats.safeParse(json).success,
  isRefusal: (json) => LoginRefusal.safeParse(json).success,
  challenge: null,
  flagsIn: (json) =>
    (Stats.safeParse(json).data?.system.argv ?? []).filter((word) =>
      /^--(?:disable-all-custom-nodes|enable-cors-header)$/.test(word),
    ),
  readPage: readLoginPage,
  asksOnlyItself: true,
  /**
   * Only where signing in writes nothing: before the first password it would set one, and where the PASSWORD file holds
   * no name, the service writes the file anew with the name that came, or leaves it empty when none came. The page asks
   * for a name in both cases.
   */
  form({ password }, { stranger, 'login-page': login, 'empty-token': empty }) {
    const page = login?.page
    const writesNothing =
      page?.password === 'set' && !page.asksForName && empty?.status === 401 && stranger?.status === 401
    return writesNothing && password !== null ? { id: 'web-login', fields: { password } } : null
  },
  // It knows neither user name nor password outside its form.
  opensBy: 'token',
  layers: 'token-and-form',
  causes: ['plugin-not-loaded', 'no-password', 'cors-origin', 'mangled', 'guest-mode'],
  loginFile: { path: 'login/PASSWORD', folder: /--folder[= ](\S+)/ },
  variables: null,
  readLog: (lines) => ({
    // ComfyUI says why when it fails, and that it failed once more in the list of import times.
    importFailed:
      lastLine(lines, /Cannot import .*ComfyUI-Login.*module for custom nodes/i) ??
      lastLine(lines, /\(IMPORT FAILED\).*ComfyUI-Login/i),
    printedToken:
      /use token=\[secret ([0-9a-f]{12})\]/.exec(lastLine(lines, /For direct API calls, use token=/) ?? '')?.[1] ??
      null,
  }),
}
