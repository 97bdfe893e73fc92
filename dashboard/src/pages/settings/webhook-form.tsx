import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
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

/** An endpoint that hears of events: a new one, whose secret is shown once, or what is changed of one. */
export const WebhookForm = ({ webhook, onClose }: { webhook: Webhook | null; onClose(): void }) => {
  const t = useTexts(texts)
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [description, setDescription] = useState(webhook?.description ?? '')
  const [kinds, setKinds] = useState<readonly string[]>(
    webhook === null ? ['content.*'] : webhook.types.filter((type) => KINDS.includes(type)),
  )
  const [others, setOthers] = useState(
    webhook?.types.filter((type) => !KINDS.includes(type)).join(', ') ?? '',
  )
  const types = [...new Set([...kinds, ...others.split(/[\s,]+/u).filter((type) => type !== '')])]
  const save = useAction({
    run: async () => {
      if (webhook !== null)
        return api.patch('/v1/webhooks/{id}', {
          path: { id: webhook.id },
          body: { url: url.trim(), types, description: description === '' ? null : description },
        })
      const made = await api.post('/v1/webhooks', {
        body: { url: url.trim(), types, ...(description !== '' && { description }) },
      })
      if (made.secret !== undefined) showSecret({ kind: 'webhook', name: made.url, secret: made.secret })
      return made
    },
    touches: [['settings', 'webhooks']],
    done: () => (webhook === null ? t.webhooks.made : t.webhooks.changed),
    onDone: onClose,
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
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          size="sm"
          label={t.webhooks.description}
          maxLength={500}
          value={description}
          error={errorAt('description')}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <fieldset className={classes.scopes}>
          <legend>{t.webhooks.types}</legend>
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              size="xs"
              label={kind === '*' ? t.webhooks.all : <code>{kind}</code>}
              checked={kinds.includes(kind)}
              onChange={(event) =>
                setKinds(
                  KINDS.filter((one) => (one === kind ? event.currentTarget.checked : kinds.includes(one))),
                )
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
          onChange={(event) => setOthers(event.currentTarget.value)}
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
