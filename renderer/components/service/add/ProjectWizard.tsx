import { useState } from 'react'
import type { ComposeProject } from '../../../../shared/contract'
import c from './Add.module.css'
import { DockerNotice } from './DockerNotice'
import { ProjectChoice } from './ProjectChoice'
import { ProjectServices } from './ProjectServices'

/** Takes over services of a Compose project that is there. */
export function ProjectWizard({ onBack, onClose }: { onBack: () => void; onClose: () => void }) {
  const [project, setProject] = useState<ComposeProject | null>(null)
  if (project)
    return (
      <ProjectServices
        // Another reading of the project has other services.
        key={`${project.name} ${project.activeProfiles.join()}`}
        project={project}
        onRead={setProject}
        onBack={() => setProject(null)}
        onClose={onClose}
      />
    )
  return (
    <div className={c.form}>
      <DockerNotice onLeave={onClose} />
      <ProjectChoice onChoose={setProject} onBack={onBack} />
    </div>
  )
}
