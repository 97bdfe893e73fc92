import { NativeSelect, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { useSession } from '../../app/session.tsx'
import { browserZone, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import classes from './settings.module.css'
import { texts } from './texts.ts'

/** What is chosen for this browser, and who the page speaks as. */
export const PreferencesTab = () => {
  const t = useTexts(texts)
  const p = t.preferences
  const { language, timeZone, hasShortcuts, change, format } = usePreferences()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const session = useSession()
  const zones = useMemo(
    () => [...new Set([browserZone(), 'UTC', timeZone, ...Intl.supportedValuesOf('timeZone')])],
    [timeZone],
  )
  return (
    <>
      <Panel title={t.tabs.preferences} hint={p.hint}>
        <div className={classes.pair}>
          <SegmentedControl
            size="xs"
            aria-label={p.language}
            value={language}
            onChange={(next) => change({ language: next === 'ko' ? 'ko' : 'en' })}
            data={[
              { value: 'en', label: 'English' },
              { value: 'ko', label: '한국어' },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label={p.theme}
            value={colorScheme}
            onChange={(next) => setColorScheme(next)}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: p.themes[value] }))}
          />
          <NativeSelect
            size="xs"
            label={p.timeZone}
            value={timeZone}
            data={zones}
            onChange={(event) => change({ timeZone: event.currentTarget.value })}
          />
        </div>
        <Switch
          size="sm"
          label={p.shortcuts}
          checked={hasShortcuts}
          onChange={(event) => change({ hasShortcuts: event.currentTarget.checked })}
        />
      </Panel>
      {session !== null && (
        <Panel title={p.self}>
          <dl className={classes.facts}>
            <div>
              <dt>{p.who}</dt>
              <dd>{session.name ?? session.email ?? p.kinds[session.kind] ?? session.kind}</dd>
            </div>
            {session.role !== null && (
              <div>
                <dt>{t.users.role}</dt>
                <dd>{session.role}</dd>
              </div>
            )}
            <div>
              <dt>{t.project}</dt>
              <dd>{session.project?.name ?? '–'}</dd>
            </div>
            <div>
              <dt>{t.keys.scopes}</dt>
              <dd className={classes.small}>{format.list(session.scopes)}</dd>
            </div>
            {session.expiresAt !== null && (
              <div>
                <dt>{p.ends}</dt>
                <dd>
                  <Instant at={session.expiresAt} precision="minute" />
                </dd>
              </div>
            )}
          </dl>
        </Panel>
      )}
    </>
  )
}
