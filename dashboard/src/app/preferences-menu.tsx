import {
  ActionIcon,
  Button,
  NativeSelect,
  Popover,
  SegmentedControl,
  useMantineColorScheme,
} from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api/client.ts'
import { credentials } from '../api/credentials.ts'
import { browserZone, usePreferences, useTexts } from '../i18n/preferences.tsx'
import { LANGUAGES } from '../i18n/texts.ts'
import { useAction } from '../parts/use-action.ts'
import { Icon } from './icons.tsx'
import { sessionQuery, useSession } from './session.tsx'
import classes from './shell.module.css'
import { useShowShortcuts } from './shortcuts.tsx'
import { texts } from './texts.ts'

const NAMES = { en: 'English', ko: '한국어' } as const

const SignedIn = () => {
  const t = useTexts(texts)
  const client = useQueryClient()
  const session = useSession()
  const signOut = useAction({
    run: async () => {
      if (!credentials.hasKey) await api.delete('/v1/session')
    },
    onDone: () => {
      credentials.takeKey(null)
      credentials.takeToken(null)
      client.setQueryData(sessionQuery.queryKey, null)
    },
    touches: [],
  })
  if (session === null) return null
  const name = session.name ?? session.email ?? session.id ?? ''
  if (session.kind === 'anonymous') return <p className={classes.who}>{t.open}</p>
  return (
    <>
      <p className={classes.who}>{session.kind === 'user' ? t.signedInAs(name) : t.withKey(name)}</p>
      {session.projects.length > 1 && (
        <NativeSelect
          size="xs"
          label={t.project}
          value={session.project?.name ?? ''}
          data={session.projects.map((project) => project.name)}
          onChange={(event) => credentials.enterProject(event.currentTarget.value)}
        />
      )}
      <Button variant="default" size="xs" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t.signOut}
      </Button>
    </>
  )
}

/** Some four hundred: listed when they are looked for. */
const ZoneSelect = () => {
  const t = useTexts(texts)
  const { timeZone, change } = usePreferences()
  const zones = useMemo(() => {
    const own = browserZone()
    const others = ['UTC', ...Intl.supportedValuesOf('timeZone')].filter((zone) => zone !== own)
    return [
      { value: own, label: t.ofBrowser(own) },
      ...[...new Set(others)].map((zone) => ({ value: zone, label: zone })),
    ]
  }, [t])
  return (
    <NativeSelect
      size="xs"
      label={t.timeZone}
      value={timeZone}
      data={zones}
      onChange={(event) => change({ timeZone: event.currentTarget.value })}
    />
  )
}

/** Language, zone and colours, who is signed in, and the list of keys. */
export const PreferencesMenu = () => {
  const t = useTexts(texts)
  const { language, change } = usePreferences()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const showShortcuts = useShowShortcuts()
  return (
    <Popover position="bottom-end" shadow="md" width={260} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t.options}>
          <Icon name="person" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.options}>
        <div className={classes.preferences}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t.language}
            value={language}
            onChange={(next) => change({ language: next === 'ko' ? 'ko' : 'en' })}
            data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
          />
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t.theme}
            value={colorScheme}
            onChange={(next) => setColorScheme(next)}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t.themes[value] }))}
          />
          <ZoneSelect />
          <Button variant="default" size="xs" onClick={showShortcuts}>
            {t.keys.title} <kbd className={classes.hintKey}>?</kbd>
          </Button>
          <SignedIn />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
