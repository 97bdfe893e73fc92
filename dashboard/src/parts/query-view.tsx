import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Icon } from '../app/icons.tsx'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'
import { ProblemText } from './problem-text.tsx'

interface FailureProps {
  problem: unknown
  /** In the place of what the server says of it. */
  text?: string | null
  retry: () => void
}

export const Failure = ({ problem, text = null, retry }: FailureProps) => {
  const t = useTexts(texts)
  return (
    <div className={classes.failure} role="alert">
      <Icon name="alert" />
      {text === null ? <ProblemText problem={problem} /> : <p>{text}</p>}
      <Button variant="default" size="xs" onClick={retry}>
        {t.retry}
      </Button>
    </div>
  )
}

/** A place that is empty says what would be there, and what to do. */
export const Empty = ({ children }: { children: ReactNode }) => (
  <div className={classes.empty}>{children}</div>
)

export const Loading = ({ lines = 3 }: { lines?: number }) => {
  const t = useTexts(texts)
  return (
    <div className={classes.loading} role="status">
      <span className={classes.hidden}>{t.loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={classes.loadingLine} />
      ))}
    </div>
  )
}

interface QueryViewProps<Data> {
  query: UseQueryResult<Data>
  lines?: number
  /** Shown in the place of `children` where this holds. */
  isEmpty?: (data: Data) => boolean
  empty?: ReactNode
  children: (data: Data) => ReactNode
}

/**
 * What a view shows while it reads, where it could not, and where there is nothing. What was read before stays, with the
 * refusal above it.
 */
export const QueryView = <Data,>({ query, lines, isEmpty, empty, children }: QueryViewProps<Data>) => {
  const { data, error, isPending } = query
  const retry = () => void query.refetch()
  if (isPending) return <Loading {...(lines !== undefined && { lines })} />
  return (
    <>
      {error !== null && <Failure problem={error} retry={retry} />}
      {data !== undefined && (isEmpty?.(data) === true ? <Empty>{empty}</Empty> : children(data))}
    </>
  )
}

const texts = defineTexts(
  { retry: 'Try again', loading: 'Loading…' },
  { retry: '다시 시도', loading: '불러오는 중…' },
)
