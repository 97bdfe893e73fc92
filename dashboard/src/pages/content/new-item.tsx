import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import type { Data } from '../../parts/diff/members.ts'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import classes from './content.module.css'
import { DataFields } from './data-fields.tsx'
import { parseData, writeData } from './edited.ts'
import { texts } from './item-texts.ts'
import { texts as newTexts } from './new-texts.ts'
import type { ContentType } from './queries.ts'
import { faultsOf, fieldsOf } from './schema.ts'

interface Draft {
  id: string
  locale: string
  data: Data
  text: string | null
  mode: 'form' | 'json'
  /** Of the item that is made of it; empty until it is sent for the first time. */
  key: string
}

const INITIAL: Draft = { key: '', id: '', locale: '', data: {}, text: null, mode: 'form' }

/** A draft that nobody sees: it may be unfinished. */
export const NewItem = ({ type, onClose }: { type: ContentType; onClose(): void }) => {
  const t = useTexts(texts)
  const n = useTexts(newTexts)
  const navigate = useNavigate()
  const [draft, change, forget] = useDraft<Draft>(`content.new.${type.name}`, INITIAL)
  const once = useOnce({ id: draft.key }, ({ id }) => change({ key: id }))
  const fields = useMemo(() => fieldsOf(type.schema), [type])
  const mode = fields === null ? 'json' : draft.mode
  const text = draft.text ?? writeData(draft.data)
  const data = mode === 'json' && draft.text !== null ? parseData(draft.text) : draft.data
  const make = useAction({
    run: () => {
      const body = {
        ...(draft.id.trim() !== '' && { id: draft.id.trim() }),
        ...(draft.locale !== '' && { locale: draft.locale }),
        data: data ?? {},
      }
      const path = { type: type.name }
      return api.post('/v1/content/{type}', { path, body, idempotencyKey: once.keyFor(body) })
    },
    touches: [['content']],
    isShownThere: true,
    done: () => n.made,
    onDone: (item) => {
      once.done()
      forget()
      onClose()
      void navigate({
        to: '/content/$type/$id',
        params: { type: item.type, id: item.id },
        search: item.locale === '' ? {} : { locale: item.locale },
      })
    },
  })
  const faultAt = (path: string): string | undefined =>
    make.error instanceof Problem
      ? make.error.document.errors?.find((each) => each.path === path)?.message
      : undefined
  return (
    <Dialog onClose={onClose} title={n.title(type.name)} size="lg">
      <div className={classes.form}>
        <div className={classes.pair}>
          <TextInput
            size="xs"
            label="ID"
            description={n.idHint}
            maxLength={200}
            value={draft.id}
            error={faultAt('id')}
            onChange={(event) => change({ id: event.currentTarget.value })}
          />
          {type.locales === null ? (
            <TextInput
              size="xs"
              label={n.locale}
              description={n.localeHint}
              maxLength={35}
              value={draft.locale}
              error={faultAt('locale')}
              onChange={(event) => change({ locale: event.currentTarget.value.trim() })}
            />
          ) : (
            <NativeSelect
              size="xs"
              label={n.locale}
              description={n.localeHint}
              value={draft.locale}
              data={['', ...type.locales]}
              onChange={(event) => change({ locale: event.currentTarget.value })}
            />
          )}
        </div>
        <DataFields
          fields={fields}
          mode={mode}
          onMode={(next) => change({ mode: next, data: data ?? draft.data, text: null })}
          data={data}
          text={text}
          faults={data === null ? [] : faultsOf(type.schema, data, t.faults)}
          onMember={(name, value) => {
            const { [name]: _old, ...rest } = draft.data
            change({ data: value === undefined ? rest : { ...draft.data, [name]: value }, text: null })
          }}
          onText={(next) => change({ text: next, data: parseData(next) ?? draft.data })}
        />
        {make.error !== null && <Failure problem={make.error} retry={() => make.mutate()} />}
        <div className={classes.buttons}>
          <Button
            variant="subtle"
            size="xs"
            onClick={() => {
              forget()
              onClose()
            }}
          >
            {t.editor.throwAway}
          </Button>
          <ActionButton
            needs="content:write"
            size="xs"
            unless={data === null ? t.editor.notJson : null}
            loading={make.isPending}
            onClick={() => make.mutate()}
          >
            {n.make}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
