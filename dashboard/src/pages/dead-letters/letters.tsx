import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { DeadLetter } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Relative } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import classes from './dead-letters.module.css'
import { type DeadFilter, lettersQuery } from './queries.ts'
import { LetterLink } from './letter-link.tsx'
import { RetryButton } from './retry-button.tsx'
import { texts } from './texts.ts'

const recipientOf = (to: unknown): string =>
  to === null || to === undefined ? '' : typeof to === 'string' ? to : JSON.stringify(to)

/** One by one, the last failure first. Each leads to its own page, where there is one: there it is changed and tried again, or settled. */
export const Letters = ({ filter, onAll }: { filter: DeadFilter; onAll: () => void }) => {
  const t = useTexts(texts)
  const letters = useInfiniteQuery(lettersQuery(filter))
  const columns: Column<DeadLetter>[] = [
    {
      id: 'title',
      title: t.what,
      cell: (letter) => {
        const { id, title, to } = letter
        const recipient = recipientOf(to)
        return (
          <span className={classes.cut}>
            <LetterLink letter={letter}>
              <InertLine text={title || recipient || id} most={60} />
            </LetterLink>
            {title !== '' && recipient !== '' && (
              <span className={classes.dimmed}>
                {' '}
                <InertLine text={recipient} most={60} />
              </span>
            )}
          </span>
        )
      },
    },
    { id: 'queue', title: t.queue, cell: ({ queue }) => queue },
    {
      id: 'error',
      title: t.error,
      cell: ({ error, reason }) => (
        <span className={classes.error}>
          <code>{error?.code ?? reason}</code> <InertLine text={error?.message ?? ''} most={120} />
        </span>
      ),
    },
    { id: 'at', title: t.at, cell: ({ finishedAt }) => <Relative at={finishedAt} /> },
    { id: 'actions', title: t.change, isNumber: true, cell: (letter) => <RetryButton letter={letter} /> },
  ]
  return (
    <Panel
      title={t.letters}
      actions={
        filter.error !== undefined && (
          <>
            <code>{filter.error}</code>
            <Button variant="subtle" size="xs" onClick={onAll}>
              {t.allErrors}
            </Button>
          </>
        )
      }
    >
      <QueryView
        query={letters}
        isEmpty={({ pages }) =>
          pages.every(({ items, nextCursor }) => items.length === 0 && nextCursor === null)
        }
        empty={t.none}
      >
        {({ pages }) => (
          <DataTable
            label={t.letters}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ kind, id }) => `${kind} ${id}`}
          />
        )}
      </QueryView>
      {letters.hasNextPage && (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={letters.isFetchingNextPage}
            onClick={() => void letters.fetchNextPage()}
          >
            {t.more}
          </Button>
        </div>
      )}
    </Panel>
  )
}
