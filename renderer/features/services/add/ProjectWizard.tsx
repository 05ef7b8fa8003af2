import { useState } from 'react'
import type { ComposeProject } from '../../../../shared/contract'
import c from './Add.module.css'
import { DockerNotice } from './DockerNotice'
import { ProjectChoice } from './ProjectChoice'
import { useFirstFocus } from './useFirstFocus'
import { ProjectServices } from './ProjectServices'

interface ChoiceProps {
  onChoose: (project: ComposeProject) => void
  onBack: () => void
  onClose: () => void
}

function Choice({ onChoose, onBack, onClose }: ChoiceProps) {
  const step = useFirstFocus<HTMLDivElement>()
  return (
    <div ref={step} tabIndex={-1} className={c.stage}>
      <DockerNotice onLeave={onClose} />
      <ProjectChoice onChoose={onChoose} onBack={onBack} />
    </div>
  )
}

/** Takes over services of a Compose project that is there. */
export function ProjectWizard({ onBack, onClose }: { onBack: () => void; onClose: () => void }) {
  const [project, setProject] = useState<ComposeProject | null>(null)
  if (project)
    return (
      <ProjectServices
        // Another reading of the project has other services.
        key={`${project.name} ${project.files.join()} ${project.activeProfiles.join()}`}
        project={project}
        onRead={setProject}
        onBack={() => setProject(null)}
        onClose={onClose}
      />
    )
  return <Choice onChoose={setProject} onBack={onBack} onClose={onClose} />
}
