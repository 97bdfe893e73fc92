import { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { credentials } from '../../api/credentials.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import { projectsQuery, type Role, type User } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'
import { useOpenServer } from './use-open-server.ts'

const ROLES: readonly Role[] = ['viewer', 'editor', 'operator', 'admin']
const LEAST_PASSWORD = 10

interface Draft {
  /** Of the user that is made of it; empty until it is sent for the first time. */
  key: string
  email: string
  name: string
  role: Role
  within: readonly string[] | null
}

/** Somebody who may sign in. The first user of an open server closes it, and is signed in at once. */
export const UserForm = ({ user, onClose }: { user: User | null; onClose(): void }) => {
  const t = useTexts(texts)
  const isOpen = useOpenServer()
  const isFirst = user === null && isOpen
  const { data: projects = [] } = useQuery(projectsQuery)
  const initial = useMemo<Draft>(
    () => ({
      ...{ key: '', email: user?.email ?? '', name: user?.name ?? '' },
      ...{ role: user?.role ?? 'editor', within: user?.projects ?? null },
    }),
    [user],
  )
  const [draft, change, forget] = useDraft(user === null ? 'user.new' : null, initial)
  const once = useOnce({ id: draft.key }, ({ id }) => change({ key: id }))
  const { email, name } = draft
  // Whoever closes the door keeps the key to it.
  const role = isFirst ? 'admin' : draft.role
  const within = isFirst ? null : draft.within
  const [password, setPassword] = useState('')
  const [isDisabled, setDisabled] = useState(user?.disabled ?? false)
  const save = useAction({
    run: async () => {
      const shared = { email: email.trim(), role, ...(name.trim() !== '' && { name: name.trim() }) }
      if (user !== null)
        return api.patch('/v1/users/{id}', {
          path: { id: user.id },
          body: {
            ...shared,
            projects: within === null ? null : [...within],
            disabled: isDisabled,
            ...(password !== '' && { password }),
          },
        })
      const body = { ...shared, ...(within !== null && { projects: [...within] }) }
      const made = await api.post('/v1/users', {
        body: { ...body, password },
        idempotencyKey: once.keyFor(body),
      })
      if (isFirst) {
        const session = await api.post('/v1/session', { body: { email: shared.email, password } })
        credentials.takeToken(session.csrfToken)
      }
      return made
    },
    touches: isFirst ? [['session'], ['settings']] : [['settings']],
    isShownThere: true,
    done: () => (user === null ? t.users.made : t.users.changed),
    onDone: () => {
      once.done()
      forget()
      onClose()
    },
  })
  const errorAt = useFieldErrors(save.error)
  const needsPassword = user === null || password !== ''
  return (
    <Dialog title={user === null ? t.users.fresh : t.users.edit} size="lg" onClose={onClose}>
      <form className={classes.form} onSubmit={(event) => event.preventDefault()} autoComplete="off">
        {isFirst && <p className={classes.notice}>{t.open.user}</p>}
        <TextInput
          size="sm"
          type="email"
          label={t.users.email}
          autoComplete="off"
          maxLength={254}
          value={email}
          error={errorAt('email')}
          onChange={(event) => change({ email: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t.users.name}
          maxLength={100}
          value={name}
          error={errorAt('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <NativeSelect
          size="sm"
          label={t.users.role}
          description={t.roles[role]}
          value={role}
          disabled={isFirst}
          data={ROLES.map((value) => ({ value, label: value }))}
          onChange={({ currentTarget: { value } }) =>
            change({ role: ROLES.find((one) => one === value) ?? 'viewer' })
          }
        />
        <PasswordInput
          size="sm"
          label={user === null ? t.users.password : t.users.newPassword}
          description={user === null ? t.users.passwordHint : t.users.newPasswordHint}
          autoComplete="new-password"
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': t.users.reveal }}
          value={password}
          error={errorAt('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {!isFirst && (
          <fieldset className={classes.scopes}>
            <legend>{t.users.projects}</legend>
            <Checkbox
              size="xs"
              label={t.users.allProjects}
              checked={within === null}
              onChange={(event) => change({ within: event.currentTarget.checked ? null : [] })}
            />
            {within !== null &&
              projects.map((project) => (
                <Checkbox
                  key={project.id}
                  size="xs"
                  label={project.name}
                  checked={within.includes(project.name)}
                  onChange={({ currentTarget: { checked } }) =>
                    change({
                      within: checked
                        ? [...within, project.name]
                        : within.filter((one) => one !== project.name),
                    })
                  }
                />
              ))}
          </fieldset>
        )}
        {user !== null && (
          <Checkbox
            size="sm"
            label={t.users.disabled}
            description={t.users.disabledHint}
            checked={isDisabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
        )}
        {save.error !== null && <Failure problem={save.error} retry={() => save.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="admin"
            size="xs"
            unless={
              !email.includes('@')
                ? t.users.noEmail
                : needsPassword && password.length < LEAST_PASSWORD
                  ? t.users.shortPassword
                  : within?.length === 0
                    ? t.users.noProject
                    : null
            }
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {user === null ? (isFirst ? t.open.makeUser : t.users.make) : t.save}
          </ActionButton>
        </div>
      </form>
    </Dialog>
  )
}
