import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { Failure, QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import { type Project, projectsQuery } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

/** It is there from the start and stays. */
const DEFAULT = 'default'

type Asked = { what: 'new' } | { what: 'rename' | 'delete'; project: Project }

export const Projects = () => {
  const t = useTexts(texts)
  const query = useQuery(projectsQuery)
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const columns: Column<Project>[] = [
    { id: 'name', title: t.projects.name, cell: ({ name }) => <strong>{name}</strong> },
    {
      id: 'created',
      title: t.created,
      cell: ({ createdAt }) => <Instant at={createdAt} precision="minute" />,
    },
    {
      id: 'act',
      title: t.act,
      cell: (project) => {
        const look = {
          ...({ needs: 'admin', variant: 'default', size: 'compact-xs' } as const),
          unless: project.name === DEFAULT ? t.projects.stays : null,
        }
        return (
          <div className={classes.rowActions}>
            <ActionButton
              {...look}
              aria-label={t.of(t.projects.rename, project.name)}
              onClick={() => setAsked({ what: 'rename', project })}
            >
              {t.projects.rename}
            </ActionButton>
            <ActionButton
              {...look}
              aria-label={t.of(t.remove, project.name)}
              onClick={() => setAsked({ what: 'delete', project })}
            >
              {t.remove}
            </ActionButton>
          </div>
        )
      },
    },
  ]
  return (
    <Panel
      title={t.tabs.projects}
      hint={t.projects.hint}
      actions={
        <ActionButton needs="admin" size="xs" onClick={() => setAsked({ what: 'new' })}>
          {t.projects.fresh}
        </ActionButton>
      }
    >
      <QueryView query={query}>
        {(all) => <DataTable label={t.tabs.projects} columns={columns} rows={all} keyOf={({ id }) => id} />}
      </QueryView>
      {asked?.what === 'new' && <ProjectForm project={null} onClose={close} />}
      {asked?.what === 'rename' && <ProjectForm project={asked.project} onClose={close} />}
      {asked?.what === 'delete' && <Remove project={asked.project} onClose={close} />}
    </Panel>
  )
}

const ProjectForm = ({ project, onClose }: { project: Project | null; onClose(): void }) => {
  const t = useTexts(texts)
  const initial = useMemo(() => ({ key: '', name: project?.name ?? '' }), [project])
  const [{ key, name }, change, forget] = useDraft(project === null ? 'project.new' : null, initial)
  const once = useOnce({ id: key }, ({ id }) => change({ key: id }))
  const wanted = name.trim()
  const save = useAction({
    run: () =>
      project === null
        ? api.post('/v1/projects', { body: { name: wanted }, idempotencyKey: once.keyFor({ name: wanted }) })
        : api.patch('/v1/projects/{id}', { path: { id: project.id }, body: { name: wanted } }),
    touches: [['settings', 'projects'], ['session']],
    isShownThere: true,
    done: () => (project === null ? t.projects.made : t.projects.renamed),
    onDone: () => {
      once.done()
      forget()
      onClose()
    },
  })
  const errorAt = useFieldErrors(save.error)
  return (
    <Dialog title={project === null ? t.projects.fresh : t.projects.rename} onClose={onClose}>
      <div className={classes.form}>
        <TextInput
          size="sm"
          label={t.projects.name}
          description={t.projects.nameHint}
          maxLength={63}
          data-autofocus
          value={name}
          error={errorAt('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {save.error !== null && <Failure problem={save.error} retry={() => save.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="admin"
            size="xs"
            unless={wanted === '' ? t.projects.noName : null}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {project === null ? t.projects.make : t.save}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}

const Remove = ({ project, onClose }: { project: Project; onClose(): void }) => {
  const t = useTexts(texts)
  const remove = useAction({
    run: () => api.delete('/v1/projects/{id}', { path: { id: project.id } }),
    touches: [['settings', 'projects'], ['session']],
    isShownThere: true,
    done: () => t.projects.removed,
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={t.of(t.remove, project.name)}
      action={t.remove}
      needs="admin"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t.projects.removeHint}</p>
      {remove.error !== null && <Failure problem={remove.error} retry={() => remove.mutate()} />}
    </ConfirmDialog>
  )
}
