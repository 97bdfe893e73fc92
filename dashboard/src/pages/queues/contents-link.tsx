import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Contents } from './contents.ts'

interface ContentsLinkProps {
  of: Contents
  /** Only what is under way. */
  isRunning?: boolean
  children: ReactNode
}

/** Leads to what is in a queue: to runs of its task, or to notifications of its channel. */
export const ContentsLink = ({ of, isRunning = false, children }: ContentsLinkProps) => {
  if (of === null) return children
  return 'task' in of ? (
    <Link to="/runs" search={{ ...of, ...(isRunning && { state: 'running' }) }}>
      {children}
    </Link>
  ) : (
    <Link to="/notifications" search={{ ...of, ...(isRunning && { state: 'sending' }) }}>
      {children}
    </Link>
  )
}
