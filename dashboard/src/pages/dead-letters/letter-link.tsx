import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DeadLetter } from '../../api/types.ts'
import { SubjectLink } from '../../parts/bulk/subject-link.tsx'
import { subjectOfKind } from '../../parts/bulk/subjects.ts'

/** Leads to where it is repaired with more than a word, if there is such a place. */
export const LetterLink = ({ letter, children }: { letter: DeadLetter; children: ReactNode }) => {
  const { kind, id, parent } = letter
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
  return (
    <SubjectLink subject={subjectOfKind(kind) ?? ''} id={id}>
      {children}
    </SubjectLink>
  )
}
