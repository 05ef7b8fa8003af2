import { useQuery } from '@tanstack/react-query'
import type { UsedPrompt } from '../../../shared/contract'
import { api } from '../../api/query'

const nothing: UsedPrompt[] = []

/** The prompts that whoever is here used, the last one first. */
export const usePromptHistory = (): UsedPrompt[] =>
  useQuery(api.presets.history.queryOptions({ input: { limit: 100 } })).data ?? nothing
