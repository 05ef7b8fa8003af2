import { Tooltip, type TooltipProps } from '@mantine/core'

/** The words themselves, beside `target`; used through ui/Tooltip. */
export default function TooltipBox(props: Omit<TooltipProps, 'children'>) {
  return <Tooltip {...props} />
}
