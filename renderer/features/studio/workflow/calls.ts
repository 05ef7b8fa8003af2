import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { inputs, workflows } from '../../../../shared/contract'
import { client } from '../../../api/client'

// The panel answers these before the contract lists them.
export const flowClient = client as unknown as ContractRouterClient<{
  inputs: typeof inputs
  workflows: typeof workflows
}>
export const flowApi = createTanstackQueryUtils(flowClient)
