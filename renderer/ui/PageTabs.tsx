import '@mantine/core/styles/Tabs.css'
import { Tabs } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import c from './PageTabs.module.css'

interface PageTab {
  id: string
  label: string
  icon: Icon
}

interface TabListProps {
  tabs: readonly PageTab[]
  current: string | undefined
  /** Whose tabs they are, for those who do not see them. */
  label: string
}

/** The tabs of a page, in one line that scrolls where it is too long. */
export function PageTabList({ tabs, current, label }: TabListProps) {
  const list = useRef<HTMLDivElement>(null)
  // What does not fit scrolls in its own line: the open one is always in sight.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <Tabs.List ref={list} className={c.tabs} aria-label={label}>
      {tabs.map(({ id, label: name, icon: I }) => (
        <Tabs.Tab key={id} value={id} leftSection={<I size={16} stroke={1.6} aria-hidden />}>
          {name}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  )
}

interface PageTabsProps {
  current: string | null
  onChange: (chosen: string | null) => void
  children: ReactNode
}

/** Around a page that has tabs: its list stands in the page's bar, its panels in the page. */
export function PageTabs({ current, onChange, children }: PageTabsProps) {
  return (
    <Tabs value={current} onChange={onChange} className={c.contents}>
      {children}
    </Tabs>
  )
}

/** What belongs to one of the tabs: nothing while that is not the current one. */
export function PageTabPanel({ id, className, children }: { id: string; className?: string; children: ReactNode }) {
  return (
    <Tabs.Panel value={id} {...(className !== undefined && { className })}>
      {children}
    </Tabs.Panel>
  )
}
