import type { Service } from '../../../../shared/contract'
import ExposureTab from '../../exposure/ExposureTab'
import ClosePort from '../../gateway/ClosePort'

/** The exposure of a service, with the button that closes its port. */
export default function ExposureWithClosing({ service }: { service: Service }) {
  return <ExposureTab service={service} closing={<ClosePort service={service} />} />
}
