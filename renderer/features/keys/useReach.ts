import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/query'

/** What the gateway does now. It is asked again every few seconds while it is on screen. */
export const useGateway = () => useQuery({ ...api.gateway.read.queryOptions(), refetchInterval: 5000, staleTime: 4000 })
