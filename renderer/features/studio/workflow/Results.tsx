import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { ResultCard } from '../ResultCard'
import { useStudio } from '../store'
import c from './Workflow.module.css'

interface ResultsProps {
  workflowId: string
  services: readonly Service[]
}

/** What became of this workflow's last run on each service; nothing where another run stands there. */
export function Results({ workflowId, services }: ResultsProps) {
  const { shown, failures } = useStudio()
  return services
    .filter(({ id }) => shown[id] !== undefined || failures[id] !== undefined)
    .map((service) => <Result key={service.id} service={service} workflowId={workflowId} />)
}

function Result({ service, workflowId }: { service: Service; workflowId: string }) {
  const { shown, failures } = useStudio()
  const id = shown[service.id]
  const failure = failures[service.id]
  const generation = useQuery(
    api.generations.get.queryOptions({ input: { id: id ?? '' }, enabled: id !== undefined && !failure }),
  ).data
  const { workflow } = failure?.params ?? generation?.params ?? {}
  if (workflow !== workflowId) return null
  return (
    <div className={c.result}>
      <ResultCard service={service} />
    </div>
  )
}
