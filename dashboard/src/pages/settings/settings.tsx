import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loading } from '../../parts/query-view.tsx'
import { TabLinks } from '../../parts/tab-links.tsx'
import { Audit } from './audit.tsx'
import { Keys } from './keys.tsx'
import { PreferencesTab } from './preferences.tsx'
import { Projects } from './projects.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import classes from './settings.module.css'
import { texts } from './texts.ts'
import { Sessions } from './sessions.tsx'
import { useOpenServer } from './use-open-server.ts'
import { Users } from './users.tsx'
import { Webhooks } from './webhooks.tsx'

const People = () => (
  <>
    <Users />
    <Sessions />
  </>
)

const TABS = {
  keys: Keys,
  users: People,
  projects: Projects,
  webhooks: Webhooks,
  audit: Audit,
  preferences: PreferencesTab,
}
type Tab = keyof typeof TABS
const NAMES = Object.keys(TABS) as Tab[]

/** Who may do what, who is told of it, and who did it. All but the last tab is for admins. */
export const SettingsPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('admin')
  const isOpen = useOpenServer()
  const [search] = useSearchState()
  const tab = NAMES.find((name) => name === search['tab']) ?? 'keys'
  const Shown = TABS[tab]
  const isAllowed = tab === 'preferences' || permission.allowed
  return (
    <Page title={t.title}>
      <TabLinks
        label={t.title}
        shown={tab}
        tabs={NAMES.map((key) => ({ key, label: t.tabs[key], to: '/settings', search: { tab: key } }))}
      />
      {isOpen && (tab === 'keys' || tab === 'users') && <p className={classes.notice}>{t.open.explain}</p>}
      {isAllowed ? <Shown /> : session === null ? <Loading /> : <Empty>{permission.reason}</Empty>}
      <SecretDialog />
    </Page>
  )
}
