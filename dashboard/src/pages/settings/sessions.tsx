import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type SignedIn, sessionsQuery } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

/** Who has signed in, and from where. */
export const Sessions = () => {
  const t = useTexts(texts)
  const query = useQuery(sessionsQuery)
  const [asked, setAsked] = useState<SignedIn | null>(null)
  const columns: Column<SignedIn>[] = [
    {
      id: 'user',
      title: t.sessions.user,
      cell: ({ user, current }) => (
        <>
          <InertLine text={user.name} most={80} />{' '}
          {current && <span className={classes.tag}>{t.sessions.current}</span>}
          <div className={classes.dimmed}>
            <InertLine text={user.email} most={120} />
          </div>
        </>
      ),
    },
    {
      id: 'from',
      title: t.sessions.from,
      cell: ({ from }) => from !== null && <InertLine text={from} most={60} />,
    },
    {
      id: 'begun',
      title: t.sessions.begun,
      cell: ({ createdAt }) => <Instant at={createdAt} precision="minute" />,
    },
    {
      id: 'seen',
      title: t.sessions.seen,
      cell: ({ lastSeenAt }) => <Instant at={lastSeenAt} precision="minute" />,
    },
    {
      id: 'expires',
      title: t.sessions.expires,
      cell: ({ expiresAt }) => <Instant at={expiresAt} precision="minute" />,
    },
    {
      id: 'act',
      title: t.act,
      cell: (one) => (
        <ActionButton
          needs="admin"
          variant="default"
          size="compact-xs"
          aria-label={t.of(t.sessions.end, visible(one.user.name.slice(0, 60)))}
          onClick={() => setAsked(one)}
        >
          {t.sessions.end}
        </ActionButton>
      ),
    },
  ]
  return (
    <Panel title={t.sessions.title} hint={t.sessions.hint}>
      <QueryView query={query} isEmpty={(all) => all.length === 0} empty={t.sessions.none}>
        {(all) => <DataTable label={t.sessions.title} columns={columns} rows={all} keyOf={({ id }) => id} />}
      </QueryView>
      {asked !== null && <End session={asked} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

const End = ({ session, onClose }: { session: SignedIn; onClose(): void }) => {
  const t = useTexts(texts)
  const end = useAction({
    run: () => api.delete('/v1/sessions/{id}', { path: { id: session.id } }),
    touches: [['settings']],
    done: () => t.sessions.ended,
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={t.of(t.sessions.end, visible(session.user.name.slice(0, 60)))}
      action={t.sessions.end}
      needs="admin"
      isBusy={end.isPending}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <p>{t.sessions.endHint}</p>
      {session.current && <p>{t.users.ownRemove}</p>}
    </ConfirmDialog>
  )
}
