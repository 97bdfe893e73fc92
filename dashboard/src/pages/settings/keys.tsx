import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { credentials } from '../../api/credentials.ts'
import { useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant, useNow } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { KeyForm } from './key-form.tsx'
import { type ApiKey, keysQuery } from './queries.ts'
import { SCOPES } from './scope-choice.tsx'
import classes from './settings.module.css'
import { showSecret } from './shown-secret.ts'
import { texts } from './texts.ts'

/** How long the old secret stays good beside the new one. */
const OVERLAPS = ['0', '3600', '86400', '604800', '2592000'] as const
const DAY_SECONDS = '86400'

type Asked = { what: 'new' } | { what: 'edit' | 'rotate' | 'revoke'; key: ApiKey }

export const Keys = () => {
  const t = useTexts(texts)
  const session = useSession()
  const query = useQuery(keysQuery)
  const [asked, setAsked] = useState<Asked | null>(null)
  const isOwn = (key: ApiKey) => session?.kind === 'key' && session.id === key.id
  const look = { needs: 'admin', variant: 'default', size: 'compact-xs' } as const
  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      title: t.keys.name,
      cell: (key) => (
        <>
          <strong>
            <InertLine text={key.name} most={80} />
          </strong>{' '}
          {isOwn(key) && <span className={classes.tag}>{t.keys.own}</span>}
          <div className={classes.dimmed}>
            <code>{key.hint}…</code>
          </div>
        </>
      ),
    },
    { id: 'scopes', title: t.keys.scopes, cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
    { id: 'expires', title: t.keys.expires, cell: (key) => <Expires apiKey={key} /> },
    {
      id: 'used',
      title: t.keys.used,
      cell: ({ lastUsedAt }) => <Instant at={lastUsedAt} precision="minute" />,
    },
    {
      id: 'created',
      title: t.created,
      cell: ({ createdAt }) => <Instant at={createdAt} precision="minute" />,
    },
    {
      id: 'act',
      title: t.act,
      cell: (key) => {
        const named = (action: string) => t.of(action, visible(key.name.slice(0, 60)))
        return (
          <div className={classes.rowActions}>
            <ActionButton
              {...look}
              aria-label={named(t.edit)}
              onClick={() => setAsked({ what: 'edit', key })}
            >
              {t.edit}
            </ActionButton>
            <ActionButton
              {...look}
              aria-label={named(t.keys.rotate)}
              onClick={() => setAsked({ what: 'rotate', key })}
            >
              {t.keys.rotate}
            </ActionButton>
            <ActionButton
              {...look}
              aria-label={named(t.keys.revoke)}
              onClick={() => setAsked({ what: 'revoke', key })}
            >
              {t.keys.revoke}
            </ActionButton>
          </div>
        )
      },
    },
  ]
  const close = () => setAsked(null)
  return (
    <Panel
      title={t.tabs.keys}
      hint={t.keys.hint(session?.project?.name ?? 'default')}
      actions={
        <ActionButton needs="admin" size="xs" onClick={() => setAsked({ what: 'new' })}>
          {t.keys.fresh}
        </ActionButton>
      }
    >
      <QueryView query={query} isEmpty={(all) => all.length === 0} empty={t.keys.none}>
        {(all) => <DataTable label={t.tabs.keys} columns={columns} rows={all} keyOf={({ id }) => id} />}
      </QueryView>
      {asked?.what === 'new' && <KeyForm apiKey={null} onClose={close} />}
      {asked?.what === 'edit' && <KeyForm apiKey={asked.key} onClose={close} />}
      {asked?.what === 'rotate' && <Rotate apiKey={asked.key} isOwn={isOwn(asked.key)} onClose={close} />}
      {asked?.what === 'revoke' && <Revoke apiKey={asked.key} isOwn={isOwn(asked.key)} onClose={close} />}
    </Panel>
  )
}

const ScopeList = ({ scopes }: { scopes: readonly string[] }) => {
  const t = useTexts(texts)
  return scopes.length === SCOPES.length ? (
    t.keys.everything
  ) : (
    <span className={classes.small}>{scopes.join(', ')}</span>
  )
}

const Expires = ({ apiKey }: { apiKey: ApiKey }) => {
  const t = useTexts(texts)
  const now = useNow(60_000)
  const { expiresAt, previousValidUntil } = apiKey
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= now
  return (
    <>
      {expiresAt === null ? t.keys.expiries.never : <Instant at={expiresAt} precision="minute" />}
      {isOver && <span className={classes.bad}> {t.keys.over}</span>}
      {previousValidUntil !== null && Date.parse(previousValidUntil) > now && (
        <div className={classes.dimmed}>
          {t.keys.previous} <Instant at={previousValidUntil} precision="minute" />
        </div>
      )}
    </>
  )
}

interface OfKeyProps {
  apiKey: ApiKey
  /** It is the one that this page speaks with. */
  isOwn: boolean
  onClose(): void
}

const Rotate = ({ apiKey, isOwn, onClose }: OfKeyProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [overlap, setOverlap] = useState<string>(DAY_SECONDS)
  const rotate = useAction({
    run: async () => {
      const made = await api.post('/v1/api-keys/{id}/rotate', {
        path: { id: apiKey.id },
        body: { overlapSeconds: Number(overlap) },
      })
      showSecret({ kind: 'key', name: made.name, secret: made.key })
      // The page goes on with the new one: the old one may be good no longer.
      if (isOwn) credentials.takeKey(made.key)
      return made
    },
    touches: [['settings']],
    done: () => t.keys.rotated,
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={t.keys.rotateTitle(visible(apiKey.name.slice(0, 60)))}
      action={t.keys.rotate}
      needs="admin"
      isBusy={rotate.isPending}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      <p>{t.keys.rotateHint}</p>
      {isOwn && <p>{t.keys.ownRotate}</p>}
      <NativeSelect
        mt="sm"
        size="xs"
        label={t.keys.overlap}
        value={overlap}
        data={OVERLAPS.map((value) => ({
          value,
          label: value === '0' ? t.keys.noOverlap : format.span(Number(value) * 1000),
        }))}
        onChange={(event) => setOverlap(event.currentTarget.value)}
      />
    </ConfirmDialog>
  )
}

const Revoke = ({ apiKey, isOwn, onClose }: OfKeyProps) => {
  const t = useTexts(texts)
  const revoke = useAction({
    run: () => api.delete('/v1/api-keys/{id}', { path: { id: apiKey.id } }),
    touches: [['settings']],
    done: () => t.keys.revoked,
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={t.keys.revokeTitle(visible(apiKey.name.slice(0, 60)))}
      action={t.keys.revoke}
      needs="admin"
      isBusy={revoke.isPending}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>{t.keys.revokeHint}</p>
      {isOwn && <p>{t.keys.ownRevoke}</p>}
    </ConfirmDialog>
  )
}
