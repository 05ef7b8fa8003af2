import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Service, Workflow, WorkflowDetail, WorkflowNeeds } from '../../../../shared/contract'
import { Loaded } from '../../../api/Loaded'
import { api } from '../../../api/query'
import { Loading } from '../../../ui/States'
import s from '../Studio.module.css'
import { FormPane } from './form/FormPane'
import { GraphPanel } from './graph/GraphPanel'
import { formOn, nodesMissingOn, standings, targetOf } from './model/needs'
import { NeedsPanel } from './NeedsPanel'
import { Results } from './Results'
import { useKept } from './store'
import { VersionsPanel } from './versions/VersionsPanel'
import { ComingForm } from './ComingForm'
import c from './Workflow.module.css'

interface WorkflowViewProps {
  workflow: Workflow
  all: readonly Workflow[]
  onOpen: (id: string) => void
}

const noServices: Service[] = []
const isReady = ({ health }: Service) => health.state === 'ready'

/** How the services stand to the workflow, asked again when one becomes ready or no longer is. */
function useNeeds(id: string, services: readonly Service[]) {
  const needs = useQuery(api.workflows.needs.queryOptions({ input: { id }, staleTime: 30_000 }))
  const ready = services.filter(isReady).map((one) => one.id)
  const { refetch } = needs
  const before = useRef(ready.join())
  useEffect(() => {
    if (before.current === ready.join()) return
    before.current = ready.join()
    void refetch()
  })
  return { needs, ready }
}

/** The nodes that lack something on the service of which the requirements' title speaks. */
function missingNodes(needs: WorkflowNeeds | undefined): ReadonlySet<string> {
  const lacking = needs && standings(needs).find(({ state }) => state === 'missing')
  return lacking ? nodesMissingOn(needs, lacking.id) : new Set()
}

/** One workflow: the form, and beside it what comes of it, what it needs, its graph and its versions. */
export function WorkflowView({ workflow, all, onOpen }: WorkflowViewProps) {
  const { id } = workflow
  const detail = useQuery(api.workflows.get.queryOptions({ input: { id } }))
  const services = useQuery(api.services.list.queryOptions()).data ?? noServices
  const { needs, ready } = useNeeds(id, services)
  const kept = useKept(id)
  const [node, setNode] = useState<{ id: string; at: number } | null>(null)
  const target = needs.data ? targetOf(needs.data, ready, kept.service) : null
  return (
    <Loaded query={detail} loading={<ComingForm />}>
      {(shown: WorkflowDetail) => (
        <div className={s.split}>
          <FormPane
            detail={formOn(shown, needs.data, target?.runs)}
            all={all}
            onOpen={onOpen}
            target={target}
            services={services}
            node={node}
          />
          <div className={c.work}>
            <Results workflowId={id} services={services} />
            <Loaded query={needs} loading={<Loading rows={4} height={40} />}>
              {(known) => (
                <NeedsPanel
                  needs={known}
                  services={services}
                  isAsking={needs.isFetching}
                  onAsk={() => void needs.refetch()}
                />
              )}
            </Loaded>
            <div className={c.lower}>
              <GraphPanel
                detail={shown}
                missing={missingNodes(needs.data)}
                onNode={(one) => setNode({ id: one, at: performance.now() })}
              />
              <VersionsPanel detail={shown} />
            </div>
          </div>
        </div>
      )}
    </Loaded>
  )
}
