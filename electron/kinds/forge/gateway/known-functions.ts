import { Problem } from '../../../../shared/problems'
import type { GatewayWorld } from '../../gateway'
import { parseJson } from '../../json'
import { AppId, readFunctions, type PageFunctions } from './functions'

/** What the functions of the service's page are: returns how they are asked for. Throws a Problem where that is not told. */
export function createKnownFunctions({ serviceId: id, ask }: Pick<GatewayWorld, 'serviceId' | 'ask'>) {
  let known: { appId: number; functions: PageFunctions } | null = null

  /** Asked before each call: after a restart the same number is another function. */
  return async (): Promise<PageFunctions> => {
    const now = await ask({ method: 'GET', target: '/app_id', kind: 'act' })
    const appId = AppId.safeParse(now.status === 200 ? parseJson(now.body.toString('utf8')) : undefined)
    if (!appId.success) throw new Problem('gateway.page-unknown', { id })
    if (known?.appId !== appId.data.app_id) {
      known = null
      const { status, body } = await ask({ method: 'GET', target: '/config', kind: 'models', isOfPage: true })
      const read = status === 200 ? readFunctions(body.toString('utf8')) : null
      if (read?.appId !== appId.data.app_id) throw new Problem('gateway.page-unknown', { id })
      known = read
    }
    return known.functions
  }
}
