import { useTexts } from '../../i18n/preferences.tsx'
import { texts } from './texts.ts'

/** The two lists of content. No type can be called `release`, so that its address is free. */
export const useContentTabs = () => {
  const t = useTexts(texts)
  return [
    { key: 'items', label: t.items, to: '/content' },
    { key: 'releases', label: t.releases, to: '/content/release' },
  ]
}
