import { Button, Checkbox } from '@mantine/core'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import type { KeyScope } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

export const SCOPES: readonly KeyScope[] = [
  ...(['notifications:read', 'notifications:write'] as const),
  ...(['content:read', 'content:write', 'content:publish'] as const),
  ...(['tasks:read', 'tasks:write', 'schedules:read', 'schedules:write'] as const),
  ...(['operate', 'admin'] as const),
]

interface ScopeChoiceProps {
  chosen: readonly KeyScope[]
  onChange(next: readonly KeyScope[]): void
  /** That cannot be left out, with the reason beside. */
  kept?: KeyScope | null
}

/** What a key may do. Nobody gives what he has not himself. */
export const ScopeChoice = ({ chosen, onChange, kept = null }: ScopeChoiceProps) => {
  const t = useTexts(texts)
  const own = new Set(useSession()?.scopes)
  const given = SCOPES.filter((scope) => own.has(scope))
  return (
    <fieldset className={classes.scopes}>
      <legend>{t.keys.scopes}</legend>
      <div className={classes.presets}>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange(given.filter((scope) => scope.endsWith(':read') || scope === kept))}
        >
          {t.keys.readOnly}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChange(given)}>
          {t.keys.everything}
        </Button>
      </div>
      {SCOPES.map((scope) => (
        <Checkbox
          key={scope}
          size="xs"
          label={<code>{scope}</code>}
          description={own.has(scope) ? t.scopes[scope] : t.keys.notOwn}
          checked={chosen.includes(scope)}
          disabled={!own.has(scope) || scope === kept}
          onChange={(event) =>
            onChange(
              SCOPES.filter((one) => (one === scope ? event.currentTarget.checked : chosen.includes(one))),
            )
          }
        />
      ))}
    </fieldset>
  )
}
