import { TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useParameter } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant, Relative, Span } from '../../parts/moments.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty, Failure, QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { AddReleaseItem } from './add-release-item.tsx'
import classes from './content.module.css'
import { bodyOf } from './new-release.tsx'
import { Publications } from './publications.tsx'
import { type Release, type ReleaseItem, releaseQuery, subjectOf } from './queries.ts'
import { ReleaseActions } from './release-actions.tsx'
import { ReleaseItems } from './release-items.tsx'
import { texts } from './release-texts.ts'
import { type ReleaseAction, useReleaseAction } from './use-release-action.ts'

const LONGEST_TITLE = 90

/** One release: what is in it, whether it could be published, when it will be, and what became of it. */
export const ReleasePage = () => {
  const t = useTexts(texts)
  const id = useParameter('id')
  const session = useSession()
  const permission = usePermission('content:read')
  const query = useQuery({ ...releaseQuery(id), enabled: permission.allowed })
  const { data, error } = query
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.one}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  if (error instanceof Problem && error.status === 404)
    return (
      <Page title={t.one}>
        <Empty>
          {t.gone} <Link to="/content/release">{t.back}</Link>
        </Empty>
      </Page>
    )
  if (data === undefined)
    return (
      <Page title={t.one}>
        <QueryView query={query} lines={8}>
          {() => null}
        </QueryView>
      </Page>
    )
  return <Shown key={id} release={data} />
}

const Shown = ({ release }: { release: Release }) => {
  const t = useTexts(texts)
  const action = useReleaseAction(release)
  const { id, state, error, items } = release
  const isFrozen = state === 'scheduled' || state === 'succeeded'
  const check = useMutation({
    mutationFn: () => api.post('/v1/releases/{id}/validate', { path: { id } }),
  })
  const told = check.data?.errors ?? error?.errors ?? []
  const faults = new Map<number, string[]>()
  const others: string[] = []
  for (const { path, message } of told) {
    const at = /^items\[(\d+)\]\.?(.*)$/u.exec(path)
    if (at === null) others.push(`${path} ${message}`)
    else faults.set(Number(at[1]), [...(faults.get(Number(at[1])) ?? []), `${at[2]} ${message}`])
  }
  const change = (next: readonly ReleaseItem[], done: string) => {
    check.reset()
    action.act({
      done,
      call: (ifMatch) =>
        api.patch('/v1/releases/{id}', { path: { id }, body: { items: bodyOf(next) }, ifMatch }),
    })
  }
  return (
    <Page
      title={visible(release.title.slice(0, LONGEST_TITLE))}
      actions={<ReleaseActions release={release} action={action} isFrozen={isFrozen} />}
    >
      <p className={classes.path}>
        <Link to="/content/release">{t.back}</Link>
        <StateBadge state={state} />
        {release.dueAt !== null && (
          <span>
            {t.due} <Instant at={release.dueAt} /> · <Relative at={release.dueAt} />
          </span>
        )}
        {release.executedAt !== null && (
          <span>
            {t.executed} <Instant at={release.executedAt} precision="ms" /> · {t.late}{' '}
            <Span ms={release.lateMs} />
          </span>
        )}
      </p>
      {error !== null && (
        <div className={classes.notice} role="status">
          <h3>{t.why}</h3>
          <p>
            <InertLine text={error.message} most={500} />
          </p>
        </div>
      )}
      <Panel
        title={t.items}
        hint={t.explain}
        actions={
          <ActionButton
            needs="content:publish"
            variant="default"
            size="xs"
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {t.act.validate}
          </ActionButton>
        }
      >
        {check.error !== null && <Failure problem={check.error} retry={() => check.mutate()} />}
        {check.data !== undefined && (
          <div className={classes.checked} data-valid={check.data.valid} role="status">
            {check.data.valid ? t.valid : t.invalid}
            {others.map((text) => (
              <div key={text}>{text}</div>
            ))}
          </div>
        )}
        <ReleaseItems
          items={items}
          faults={faults}
          unless={isFrozen ? t.frozen : items.length === 1 ? t.least : null}
          onDrop={(at) =>
            change(
              items.filter((_, i) => i !== at),
              t.dropped,
            )
          }
        />
        {!isFrozen && (
          <AddReleaseItem
            isBusy={action.isPending}
            onAdd={(item) =>
              change([...items.filter((one) => subjectOf(one) !== subjectOf(item)), item], t.added)
            }
          />
        )}
        {!isFrozen && <Rename release={release} action={action} />}
      </Panel>
      <Publications filter={{ releaseId: id }} />
    </Page>
  )
}

const Rename = ({ release, action }: { release: Release; action: ReleaseAction }) => {
  const t = useTexts(texts)
  const [title, setTitle] = useState(release.title)
  const wanted = title.trim()
  return (
    <div className={classes.pair}>
      <TextInput
        size="xs"
        className={classes.grow}
        label={t.releaseTitle}
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <ActionButton
        needs="content:publish"
        variant="default"
        size="xs"
        unless={wanted === '' ? t.noTitle : null}
        onClick={() =>
          action.act({
            done: t.renamed,
            call: (ifMatch) =>
              api.patch('/v1/releases/{id}', {
                path: { id: release.id },
                body: { title: wanted },
                ifMatch,
              }),
          })
        }
      >
        {t.rename}
      </ActionButton>
    </div>
  )
}
