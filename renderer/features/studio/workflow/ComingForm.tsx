import { Loading } from '../../../ui/States'
import s from '../Studio.module.css'
import c from './Workflow.module.css'

/** The shape of the page while its first answer is awaited. */
export function ComingForm() {
  return (
    <div className={s.split}>
      <div className={`${s.form} ${c.coming}`}>
        <Loading rows={7} height={32} />
      </div>
      <div className={c.work}>
        <Loading rows={4} height={40} />
      </div>
    </div>
  )
}
