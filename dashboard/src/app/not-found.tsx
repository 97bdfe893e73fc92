import { Button } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTexts } from '../i18n/preferences.tsx'
import { Page } from '../parts/page.tsx'
import { texts } from './texts.ts'

export const NotFound = () => {
  const t = useTexts(texts).notFound
  return (
    <Page title={t.title}>
      <p>{t.text}</p>
      <Link to="/">{t.back}</Link>
    </Page>
  )
}

/** As browsers say that the file of a page did not come: there is no server, or another version of it. */
const NOT_LOADED = /dynamically imported module|importing a module script failed/iu

/** A mistake of ours, or a file that did not come: the rest of the dashboard goes on. */
export const Broken = ({ error, reset }: ErrorComponentProps) => {
  const t = useTexts(texts)
  // What was not loaded once is not asked for again by a page that stays.
  if (NOT_LOADED.test(String(error)))
    return (
      <Page title={t.notLoaded.title}>
        <p>{t.notLoaded.text}</p>
        <Button onClick={() => window.location.reload()}>{t.retry}</Button>
      </Page>
    )
  return (
    <Page title={t.broken.title}>
      <p>{t.broken.text}</p>
      <p>
        <code>{String(error)}</code>
      </p>
      <Button onClick={() => reset()}>{t.retry}</Button>
    </Page>
  )
}
