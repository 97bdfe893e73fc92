import { Checkbox, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import type { Webhook } from './queries.ts'
import classes from './settings.module.css'
import { showSecret } from './shown-secret.ts'
import { texts } from './texts.ts'

const KINDS = [
  '*',
  'notification.*',
  'content.*',
  'release.*',
  'run.*',
  'schedule.*',
  'queue.*',
  'operation.*',
]

const draftOf = (webhook: Webhook | null) => ({
  /** Of the endpoint that is made of it; empty until it is sent for the first time. */
  key: '',
  url: webhook?.url ?? '',
  description: webhook?.description ?? '',
  kinds: webhook?.types.filter((type) => KINDS.includes(type)) ?? ['content.*'],
  others: webhook?.types.filter((type) => !KINDS.includes(type)).join(', ') ?? '',
})

/** An endpoint that hears of events: a new one, whose secret is shown once, or what is changed of one. */
export const WebhookForm = ({ webhook, onClose }: { webhook: Webhook | null; onClose(): void }) => {
  const t = useTexts(texts)
  const initial = useMemo(() => draftOf(webhook), [webhook])
  const [draft, change, forget] = useDraft(webhook === null ? 'webhook.new' : null, initial)
  const once = useOnce({ id: draft.key }, ({ id }) => change({ key: id }))
  const { url, description, kinds, others } = draft
  const types = [...new Set([...kinds, ...others.split(/[\s,]+/u).filter((type) => type !== '')])]
  const save = useAction({
    run: async () => {
      if (webhook !== null)
        return api.patch('/v1/webhooks/{id}', {
          path: { id: webhook.id },
          body: { url: url.trim(), types, description: description === '' ? null : description },
        })
      const body = { url: url.trim(), types, ...(description !== '' && { description }) }
      const made = await api.post('/v1/webhooks', { body, idempotencyKey: once.keyFor(body) })
      if (made.secret !== undefined) showSecret({ kind: 'webhook', name: made.url, secret: made.secret })
      return made
    },
    touches: [['settings', 'webhooks']],
    isShownThere: true,
    done: (saved) =>
      webhook !== null ? t.webhooks.changed : 'secret' in saved ? t.webhooks.made : t.webhooks.madeBefore,
    onDone: () => {
      once.done()
      forget()
      onClose()
    },
  })
  const errorAt = useFieldErrors(save.error)
  return (
    <Dialog title={webhook === null ? t.webhooks.fresh : t.webhooks.editTitle} size="lg" onClose={onClose}>
      <div className={classes.form}>
        <TextInput
          size="sm"
          type="url"
          label={t.webhooks.url}
          description={t.webhooks.urlHint}
          maxLength={2048}
          data-autofocus
          value={url}
          error={errorAt('url')}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t.webhooks.description}
          maxLength={500}
          value={description}
          error={errorAt('description')}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <fieldset className={classes.scopes}>
          <legend>{t.webhooks.types}</legend>
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              size="xs"
              label={kind === '*' ? t.webhooks.all : <code>{kind}</code>}
              checked={kinds.includes(kind)}
              onChange={({ currentTarget: { checked } }) =>
                change({ kinds: KINDS.filter((one) => (one === kind ? checked : kinds.includes(one))) })
              }
            />
          ))}
        </fieldset>
        <TextInput
          size="sm"
          label={t.webhooks.others}
          placeholder="notification.failed, webhook.disabled"
          maxLength={2000}
          value={others}
          error={errorAt('types')}
          onChange={(event) => change({ others: event.currentTarget.value })}
        />
        {save.error !== null && <Failure problem={save.error} retry={() => save.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="admin"
            size="xs"
            unless={url.trim() === '' ? t.webhooks.noUrl : types.length === 0 ? t.webhooks.noTypes : null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {webhook === null ? t.webhooks.make : t.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
