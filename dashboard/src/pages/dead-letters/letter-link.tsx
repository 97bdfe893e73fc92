import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DeadLetter } from '../../api/types.ts'

/** Leads to where it is repaired with more than a word, if there is such a place. */
export const LetterLink = ({ letter, children }: { letter: DeadLetter; children: ReactNode }) => {
  const { kind, id, parent } = letter
  if (kind === 'notification')
    return (
      <Link to="/notifications/$id" params={{ id }}>
        {children}
      </Link>
    )
  if (kind === 'run')
    return (
      <Link to="/runs/$id" params={{ id }}>
        {children}
      </Link>
    )
  if (kind === 'release')
    return (
      <Link to="/content/release/$id" params={{ id }}>
        {children}
      </Link>
    )
  if (kind === 'schedule' && parent !== null)
    return (
      <Link to="/schedules/$name" params={{ name: parent }}>
        {children}
      </Link>
    )
  if (kind === 'webhook' && parent !== null)
    return (
      <Link to="/settings" search={{ tab: 'webhooks', webhook: parent }}>
        {children}
      </Link>
    )
  return children
}
