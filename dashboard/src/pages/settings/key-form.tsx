import { NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { credentials } from '../../api/credentials.ts'
import { useSession } from '../../app/session.tsx'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import { EXPIRIES, type Expiry, expiresAtOf } from './expiry.ts'
import type { ApiKey, KeyScope } from './queries.ts'
import { ScopeChoice, SCOPES } from './scope-choice.tsx'
import classes from './settings.module.css'
import { showSecret } from './shown-secret.ts'
import { texts } from './texts.ts'
import { useOpenServer } from './use-open-server.ts'

interface Draft {
  /** Of the API key that is made of it; empty until it is sent for the first time. */
  key: string
  name: string
  /** Null until they are chosen; so is the project. */
  scopes: readonly KeyScope[] | null
  project: string | null
  expiry: Expiry
  local: string
  perMinute: number | ''
}

/** A new key, or what is changed of one. The first key of an open server closes it, and is signed in with at once. */
export const KeyForm = ({ apiKey, onClose }: { apiKey: ApiKey | null; onClose(): void }) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const session = useSession()
  const isOpen = useOpenServer()
  const isFirst = apiKey === null && isOpen
  const own = new Set(session?.scopes)
  const expires = apiKey?.expiresAt ?? null
  const initial = useMemo<Draft>(
    () => ({
      ...{ key: '', name: apiKey?.name ?? '', scopes: null, project: null },
      expiry: expires === null ? 'never' : 'at',
      local: expires === null ? '' : toLocal(expires, timeZone),
      perMinute: apiKey?.requestsPerMinute ?? '',
    }),
    [apiKey, expires, timeZone],
  )
  const [draft, change, forget] = useDraft(apiKey === null ? 'key.new' : null, initial)
  const once = useOnce({ id: draft.key }, ({ id }) => change({ key: id }))
  const { name, expiry, local, perMinute } = draft
  const project = draft.project ?? session?.project?.name ?? 'default'
  const chosen =
    draft.scopes ??
    SCOPES.filter((scope) =>
      apiKey === null
        ? isFirst || (scope.endsWith(':read') && own.has(scope))
        : apiKey.scopes.includes(scope),
    )
  // Whoever closes the door keeps the key to it.
  const scopes = isFirst ? SCOPES.filter((scope) => scope === 'admin' || chosen.includes(scope)) : chosen
  const expiresAt = expiresAtOf(expiry, local, timeZone)
  const touched =
    expires === null ? expiry !== 'never' : expiry !== 'at' || local !== toLocal(expires, timeZone)
  const save = useAction({
    run: async () => {
      const shared = { name: name.trim(), scopes: [...scopes] }
      if (apiKey !== null)
        return api.patch('/v1/api-keys/{id}', {
          path: { id: apiKey.id },
          body: {
            ...shared,
            ...(touched && { expiresAt: expiresAt ?? null }),
            requestsPerMinute: perMinute === '' ? null : perMinute,
          },
        })
      const body = {
        ...shared,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(perMinute !== '' && { requestsPerMinute: perMinute }),
        ...(project !== session?.project?.name && { project }),
      }
      const made = await api.post('/v1/api-keys', { body, idempotencyKey: once.keyFor(body) })
      if (made.key !== undefined) {
        showSecret({ kind: 'key', name: made.name, secret: made.key })
        if (isFirst) credentials.takeKey(made.key)
      }
      return made
    },
    touches: [['settings']],
    isShownThere: true,
    done: (saved) => (apiKey !== null ? t.keys.changed : 'key' in saved ? t.keys.made : t.keys.madeBefore),
    onDone: () => {
      once.done()
      forget()
      onClose()
    },
  })
  return (
    <Dialog title={apiKey === null ? t.keys.fresh : t.keys.edit} size="lg" onClose={onClose}>
      <div className={classes.form}>
        {isFirst && <p className={classes.notice}>{t.open.key}</p>}
        <TextInput
          size="sm"
          label={t.keys.name}
          description={t.keys.nameHint}
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <ScopeChoice
          chosen={scopes}
          onChange={(next) => change({ scopes: next })}
          kept={isFirst ? 'admin' : null}
        />
        <div className={classes.pair}>
          <NativeSelect
            size="xs"
            label={t.keys.expiry}
            value={expiry}
            data={EXPIRIES.map((value) => ({ value, label: t.keys.expiries[value] }))}
            onChange={(event) =>
              change({ expiry: EXPIRIES.find((one) => one === event.currentTarget.value) ?? 'never' })
            }
          />
          {expiry === 'at' && (
            <TextInput
              size="xs"
              type="datetime-local"
              label={`${t.keys.expires} (${timeZone})`}
              value={local}
              onChange={(event) => change({ local: event.currentTarget.value })}
            />
          )}
          <NumberInput
            size="xs"
            label={t.keys.perMinute}
            placeholder={t.keys.asServer}
            min={1}
            max={10_000_000}
            allowDecimal={false}
            value={perMinute}
            onChange={(value) => change({ perMinute: typeof value === 'number' ? value : '' })}
          />
          {apiKey === null && (session?.projects.length ?? 0) > 1 && (
            <NativeSelect
              size="xs"
              label={t.project}
              value={project}
              data={session?.projects.map((one) => one.name) ?? []}
              onChange={(event) => change({ project: event.currentTarget.value })}
            />
          )}
        </div>
        {save.error !== null && <Failure problem={save.error} retry={() => save.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="admin"
            size="xs"
            unless={
              name.trim() === ''
                ? t.keys.noName
                : scopes.length === 0
                  ? t.keys.noScopes
                  : expiresAt === null
                    ? t.keys.noExpiry
                    : null
            }
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {apiKey === null ? (isFirst ? t.open.makeKey : t.keys.make) : t.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
