import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { useSearchState } from '../../app/search.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { DiffView } from '../../parts/diff/diff-view.tsx'
import { mergePatchOf } from '../../parts/diff/members.ts'
import { visible } from '../../parts/inert.tsx'
import { Panel } from '../../parts/page.tsx'
import { Failure, Loading } from '../../parts/query-view.tsx'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import { callOf, type Item, revisionQuery, revisionsQuery, type Revision } from './queries.ts'
import type { ItemAction } from './use-item-action.ts'

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9]\d{0,9}$/u.test(text) ? Number(text) : null

/** Two revisions side by side, and what can be done with an older one. Which two stands in the address. */
export const Revisions = ({ item, action }: { item: Item; action: ItemAction }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, change] = useSearchState()
  const { draftRevision, liveRevision } = item
  const list = useInfiniteQuery(revisionsQuery(item))
  const revisions = list.data?.pages.flatMap(({ items }) => items) ?? []
  const to = numberIn(search['to']) ?? draftRevision
  // What readers see, or else what was there before.
  const other = liveRevision !== null && liveRevision !== to ? liveRevision : to - 1
  const from = numberIn(search['from']) ?? (other >= 1 ? other : to)
  const before = useQuery(revisionQuery(item, from))
  const after = useQuery(revisionQuery(item, to))
  const failed = before.error ?? after.error

  const nameOf = ({ revision, isDraft, isLive, createdAt, createdBy }: Revision): string =>
    [
      `${t.revisions.one(format.number(revision))}${isLive ? ` · ${t.revisions.live}` : ''}${isDraft ? ` · ${t.revisions.draft}` : ''}`,
      format.instant(createdAt, 'minute'),
      ...(createdBy === null ? [] : [`${createdBy.kind} ${(createdBy.id ?? '').slice(0, 8)}`]),
    ]
      .map(visible)
      .join(' · ')
  const optionsWith = (shown: number) => {
    const known = revisions.map((each) => ({ value: String(each.revision), label: nameOf(each) }))
    return known.some(({ value }) => value === String(shown))
      ? known
      : [...known, { value: String(shown), label: t.revisions.one(format.number(shown)) }]
  }
  const publish = () =>
    action.act({
      done: t.done.publish(format.number(to)),
      becomes: 'published',
      call: (ifMatch) =>
        api.post('/v1/content/{type}/{id}/publish', { ...callOf(item), body: { revision: to }, ifMatch }),
    })
  const bringBack = () => {
    const { data } = after
    if (data !== undefined)
      action.act({
        done: t.done.bringBack(format.number(to)),
        call: (ifMatch) =>
          api.patch('/v1/content/{type}/{id}', {
            ...callOf(item),
            body: { data: mergePatchOf(item.data, data.data) },
            ifMatch,
          }),
        onDone: () => change({ from: undefined, to: undefined }),
      })
  }
  return (
    <Panel title={t.revisions.title(format.number(draftRevision))}>
      {list.error !== null && <Failure problem={list.error} retry={() => void list.refetch()} />}
      <div className={classes.pair}>
        <NativeSelect
          className={classes.revision}
          size="xs"
          label={t.revisions.from}
          value={String(from)}
          data={optionsWith(from)}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <NativeSelect
          className={classes.revision}
          size="xs"
          label={t.revisions.to}
          value={String(to)}
          data={optionsWith(to)}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
        {list.hasNextPage && (
          <Button
            variant="subtle"
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t.revisions.older}
          </Button>
        )}
      </div>
      {failed !== null ? (
        <Failure
          problem={failed}
          retry={() => {
            void before.refetch()
            void after.refetch()
          }}
        />
      ) : before.data === undefined || after.data === undefined ? (
        <Loading />
      ) : from === to ? (
        <p className={classes.dimmed}>{t.revisions.first}</p>
      ) : (
        <DiffView before={before.data.data} after={after.data.data} />
      )}
      {to !== draftRevision && (
        <div className={classes.buttons}>
          <ActionButton
            needs="content:write"
            variant="default"
            size="xs"
            unless={after.data === undefined ? t.revisions.reading : null}
            onClick={bringBack}
          >
            {t.revisions.bringBack(format.number(to))}
          </ActionButton>
          <ActionButton
            needs="content:publish"
            variant="default"
            size="xs"
            unless={to === liveRevision ? t.act.isLive : null}
            onClick={publish}
          >
            {t.revisions.publish(format.number(to))}
          </ActionButton>
        </div>
      )}
    </Panel>
  )
}
