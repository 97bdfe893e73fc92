import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { DiffView } from '../../parts/diff/diff-view.tsx'
import { Panel } from '../../parts/page.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import classes from './content.module.css'
import { DataFields } from './data-fields.tsx'
import { type Edited, nullsOf, useEdited } from './edited.ts'
import { texts } from './item-texts.ts'
import { callOf, type ContentType, type Item, itemQuery } from './queries.ts'
import { type Fault, faultsOf, fieldsOf, fits } from './schema.ts'

interface DraftEditorProps {
  item: Item
  type: ContentType | undefined
  /** What the server said of the data when it refused to schedule or publish them. */
  refused: readonly Fault[]
}

const isConflict = (problem: unknown): boolean =>
  problem instanceof Problem && problem.code === 'version-conflict'

/** Writes on the draft: the difference is saved, to the version that it was made of, and never over what others have saved. */
export const DraftEditor = ({ item, type, refused }: DraftEditorProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const client = useQueryClient()
  const all = useMemo(() => fieldsOf(type?.schema), [type])
  const fields = all !== null && fits(all, item.data) ? all : null
  const edited = useEdited(item, fields !== null)
  const { data, base, isBehind, isTouched } = edited
  const faults = useMemo(() => {
    if (data === null) return []
    const lacking = faultsOf(type?.schema, data, t.faults)
    const nulls = nullsOf(base.data, data).map((path) => ({ path, message: t.editor.nullRemoves }))
    const known = new Set(lacking.map(({ path }) => path))
    return [...lacking, ...nulls, ...(isTouched ? [] : refused.filter(({ path }) => !known.has(path)))]
  }, [data, type, base, isTouched, refused, t])
  const save = useAction({
    // Where the draft is as it was, what else has become of the item meanwhile is on the page.
    run: () =>
      api.patch('/v1/content/{type}/{id}', {
        ...callOf(item),
        body: { data: edited.patch() },
        ifMatch: item.version,
      }),
    touches: [['content']],
    isShownThere: (problem) => !isConflict(problem),
    done: (saved) => t.editor.saved(format.number(saved.draftRevision)),
    refused: (problem) => (isConflict(problem) ? t.editor.conflict : null),
    onDone: (saved) => {
      client.setQueryData(itemQuery(item).queryKey, saved)
      edited.forget()
    },
  })
  const { error } = save
  return (
    <Panel
      title={t.editor.title(format.number(item.draftRevision))}
      hint={isTouched ? t.editor.unsaved : t.editor.hint}
    >
      {isBehind && (
        <Behind item={item} edited={edited} onSave={() => save.mutate()} isBusy={save.isPending} />
      )}
      <DataFields
        fields={fields}
        mode={edited.mode}
        onMode={edited.setMode}
        data={data}
        text={edited.text}
        faults={faults}
        onMember={edited.setMember}
        onText={edited.setText}
      />
      {error !== null && !isConflict(error) && <Failure problem={error} retry={() => save.mutate()} />}
      {!isBehind && (
        <div className={classes.buttons}>
          {isTouched && (
            <Button variant="subtle" size="xs" onClick={edited.forget}>
              {t.editor.throwAway}
            </Button>
          )}
          <ActionButton
            needs="content:write"
            size="xs"
            unless={data === null ? t.editor.notJson : isTouched ? null : t.editor.unchanged}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t.editor.save}
          </ActionButton>
        </div>
      )}
    </Panel>
  )
}

interface BehindProps {
  item: Item
  edited: Edited
  onSave(): void
  isBusy: boolean
}

/** Somebody else has saved first: what he changed, and what may be done with what is written here. */
const Behind = ({ item, edited, onSave, isBusy }: BehindProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <div className={classes.notice} role="alert">
      <h3>{t.editor.behind(format.number(edited.base.draftRevision), format.number(item.draftRevision))}</h3>
      <DiffView before={edited.base.data} after={item.data} />
      <p>{t.editor.behindHint}</p>
      <div className={classes.buttons}>
        <Button variant="default" size="xs" onClick={edited.forget}>
          {t.editor.takeTheirs}
        </Button>
        <ActionButton
          needs="content:write"
          size="xs"
          unless={edited.data === null ? t.editor.notJson : null}
          loading={isBusy}
          onClick={onSave}
        >
          {t.editor.saveOnTop}
        </ActionButton>
      </div>
    </div>
  )
}
