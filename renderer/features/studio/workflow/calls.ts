import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { inputs, workflows } from '../../../../shared/contract'
import { client } from '../../../api/client'

// The contract does not list the calls of workflows yet; see ../preview.
export const flowClient = client as unknown as ContractRouterClient<{
  inputs: typeof inputs
  workflows: typeof workflows
}>
export const flowApi = createTanstackQueryUtils(flowClient)
