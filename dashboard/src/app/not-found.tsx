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

/** A mistake of ours: the rest of the dashboard goes on. */
export const Broken = ({ error, reset }: ErrorComponentProps) => {
  const t = useTexts(texts)
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
