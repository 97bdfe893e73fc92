import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import classes from './calendar.module.css'
import { type Token, tokensQuery } from './queries.ts'
import { texts } from './texts.ts'

/** A key of this press of the button: whatever the network does, one link is made. */
const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `feed-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const Links = ({ tokens }: { tokens: readonly Token[] }) => {
  const t = useTexts(texts)
  const revoke = useAction({
    run: ({ id }: Token) => api.delete('/v1/calendar/tokens/{id}', { path: { id } }),
    optimistic: ({ id }) => [
      {
        key: tokensQuery.queryKey,
        update: (before: { items: Token[] }) => ({
          ...before,
          items: before.items.filter((one) => one.id !== id),
        }),
      },
    ],
    touches: [tokensQuery.queryKey],
    done: (_, { name }) => t.revoked(name),
  })
  return (
    <ul className={classes.links}>
      {tokens.map((token) => (
        <li key={token.id}>
          <InertLine text={token.name} most={80} />
          <span className={classes.dimmed}>
            {t.since} <Instant at={token.createdAt} precision="minute" />
          </span>
          <ActionButton
            needs="notifications:write"
            variant="default"
            size="compact-xs"
            aria-label={t.revoke(token.name)}
            onClick={() => revoke.mutate(token)}
          >
            {t.revoke('')}
          </ActionButton>
        </li>
      ))}
    </ul>
  )
}

/** Links for calendar programs: each is shown once, when it is made, and can be taken back. */
export const Feeds = ({ onClose }: { onClose: () => void }) => {
  const t = useTexts(texts)
  const [name, setName] = useState('')
  const [link, setLink] = useState<string | null>(null)
  const key = useRef(newKey())
  const tokens = useQuery(tokensQuery)
  const make = useAction({
    run: () => api.post('/v1/calendar/tokens', { body: { name: name.trim() }, idempotencyKey: key.current }),
    touches: [tokensQuery.queryKey],
    onDone: ({ path }) => {
      key.current = newKey()
      setName('')
      if (path !== undefined) setLink(new URL(path, window.location.origin).href)
    },
  })
  const submit = () => {
    if (name.trim() !== '' && !make.isPending) make.mutate()
  }
  return (
    <Dialog title={t.feedsTitle} size="lg" onClose={onClose}>
      <div className={classes.entry}>
        <p className={classes.dimmed}>{t.feedsHint}</p>
        <form
          className={classes.makeLink}
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <TextInput
            label={t.feedName}
            maxLength={255}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value)
              key.current = newKey()
            }}
          />
          <ActionButton needs="notifications:write" loading={make.isPending} onClick={submit}>
            {t.makeFeed}
          </ActionButton>
        </form>
        {link !== null && (
          <div className={classes.madeLink}>
            <p>{t.made}</p>
            <code>{link}</code>
            <CopyButton text={link} />
          </div>
        )}
        <QueryView query={tokens} isEmpty={({ items }) => items.length === 0} empty={t.noFeeds}>
          {({ items }) => <Links tokens={items} />}
        </QueryView>
      </div>
    </Dialog>
  )
}
