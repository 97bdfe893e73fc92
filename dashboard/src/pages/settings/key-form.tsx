import { NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { credentials } from '../../api/credentials.ts'
import { useSession } from '../../app/session.tsx'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { EXPIRIES, type Expiry, expiresAtOf } from './expiry.ts'
import type { ApiKey, KeyScope } from './queries.ts'
import { ScopeChoice, SCOPES } from './scope-choice.tsx'
import classes from './settings.module.css'
import { showSecret } from './shown-secret.ts'
import { texts } from './texts.ts'
import { useOpenServer } from './use-open-server.ts'

/** A new key, or what is changed of one. The first key of an open server closes it, and is signed in with at once. */
export const KeyForm = ({ apiKey, onClose }: { apiKey: ApiKey | null; onClose(): void }) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const session = useSession()
  const isOpen = useOpenServer()
  const isFirst = apiKey === null && isOpen
  const own = new Set(session?.scopes)
  const [name, setName] = useState(apiKey?.name ?? '')
  const [chosen, setChosen] = useState<readonly KeyScope[]>(() =>
    apiKey === null
      ? SCOPES.filter((scope) => isFirst || (scope.endsWith(':read') && own.has(scope)))
      : SCOPES.filter((scope) => apiKey.scopes.includes(scope)),
  )
  // Whoever closes the door keeps the key to it.
  const scopes = isFirst ? SCOPES.filter((scope) => scope === 'admin' || chosen.includes(scope)) : chosen
  const expires = apiKey?.expiresAt ?? null
  const [expiry, setExpiry] = useState<Expiry>(expires === null ? 'never' : 'at')
  const [local, setLocal] = useState(expires === null ? '' : toLocal(expires, timeZone))
  const [perMinute, setPerMinute] = useState<number | ''>(apiKey?.requestsPerMinute ?? '')
  const [project, setProject] = useState(session?.project?.name ?? 'default')
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
      const made = await api.post('/v1/api-keys', {
        body: {
          ...shared,
          ...(expiresAt !== undefined && { expiresAt }),
          ...(perMinute !== '' && { requestsPerMinute: perMinute }),
          ...(project !== session?.project?.name && { project }),
        },
      })
      if (made.key !== undefined) {
        showSecret({ kind: 'key', name: made.name, secret: made.key })
        if (isFirst) credentials.takeKey(made.key)
      }
      return made
    },
    touches: [['settings']],
    done: () => (apiKey === null ? t.keys.made : t.keys.changed),
    onDone: onClose,
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
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ScopeChoice chosen={scopes} onChange={setChosen} kept={isFirst ? 'admin' : null} />
        <div className={classes.pair}>
          <NativeSelect
            size="xs"
            label={t.keys.expiry}
            value={expiry}
            data={EXPIRIES.map((value) => ({ value, label: t.keys.expiries[value] }))}
            onChange={(event) =>
              setExpiry(EXPIRIES.find((one) => one === event.currentTarget.value) ?? 'never')
            }
          />
          {expiry === 'at' && (
            <TextInput
              size="xs"
              type="datetime-local"
              label={`${t.keys.expires} (${timeZone})`}
              value={local}
              onChange={(event) => setLocal(event.currentTarget.value)}
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
            onChange={(value) => setPerMinute(typeof value === 'number' ? value : '')}
          />
          {apiKey === null && (session?.projects.length ?? 0) > 1 && (
            <NativeSelect
              size="xs"
              label={t.project}
              value={project}
              data={session?.projects.map((one) => one.name) ?? []}
              onChange={(event) => setProject(event.currentTarget.value)}
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
