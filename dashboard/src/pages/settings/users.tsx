import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type User, usersQuery } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'
import { UserForm } from './user-form.tsx'

type Asked = { what: 'new' } | { what: 'edit' | 'delete'; user: User }

export const Users = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const session = useSession()
  const query = useQuery(usersQuery)
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const isOwn = (user: User) => session?.kind === 'user' && session.id === user.id
  const look = { needs: 'admin', variant: 'default', size: 'compact-xs' } as const
  const columns: Column<User>[] = [
    {
      id: 'name',
      title: t.users.name,
      cell: (user) => (
        <>
          <strong>
            <InertLine text={user.name} most={80} />
          </strong>{' '}
          {isOwn(user) && <span className={classes.tag}>{t.users.you}</span>}
          <div className={classes.dimmed}>
            <InertLine text={user.email} most={120} />
          </div>
        </>
      ),
    },
    { id: 'role', title: t.users.role, cell: ({ role }) => role },
    {
      id: 'projects',
      title: t.users.projects,
      cell: ({ projects }) =>
        projects === null ? t.users.allProjects : <InertLine text={format.list(projects)} most={120} />,
    },
    {
      id: 'state',
      title: t.state,
      cell: ({ disabled }) => <StateBadge state={disabled ? 'disabled' : 'active'} />,
    },
    {
      id: 'signedIn',
      title: t.users.signedIn,
      cell: ({ signedInAt }) => <Instant at={signedInAt} precision="minute" />,
    },
    {
      id: 'act',
      title: t.act,
      cell: (user) => (
        <div className={classes.rowActions}>
          <ActionButton
            {...look}
            aria-label={t.of(t.edit, visible(user.name.slice(0, 60)))}
            onClick={() => setAsked({ what: 'edit', user })}
          >
            {t.edit}
          </ActionButton>
          <ActionButton
            {...look}
            aria-label={t.of(t.remove, visible(user.name.slice(0, 60)))}
            onClick={() => setAsked({ what: 'delete', user })}
          >
            {t.remove}
          </ActionButton>
        </div>
      ),
    },
  ]
  return (
    <Panel
      title={t.tabs.users}
      hint={t.users.hint}
      actions={
        <ActionButton needs="admin" size="xs" onClick={() => setAsked({ what: 'new' })}>
          {t.users.fresh}
        </ActionButton>
      }
    >
      <QueryView query={query} isEmpty={(all) => all.length === 0} empty={t.users.none}>
        {(all) => <DataTable label={t.tabs.users} columns={columns} rows={all} keyOf={({ id }) => id} />}
      </QueryView>
      {asked?.what === 'new' && <UserForm user={null} onClose={close} />}
      {asked?.what === 'edit' && <UserForm user={asked.user} onClose={close} />}
      {asked?.what === 'delete' && <Remove user={asked.user} isOwn={isOwn(asked.user)} onClose={close} />}
    </Panel>
  )
}

const Remove = ({ user, isOwn, onClose }: { user: User; isOwn: boolean; onClose(): void }) => {
  const t = useTexts(texts)
  const remove = useAction({
    run: () => api.delete('/v1/users/{id}', { path: { id: user.id } }),
    touches: [['settings']],
    done: () => t.users.removed,
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={t.of(t.remove, visible(user.name.slice(0, 60)))}
      action={t.remove}
      needs="admin"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t.users.removeHint}</p>
      {isOwn && <p>{t.users.ownRemove}</p>}
    </ConfirmDialog>
  )
}
