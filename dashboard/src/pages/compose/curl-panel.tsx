import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Inert } from '../../parts/inert.tsx'
import { Panel } from '../../parts/page.tsx'
import { curlOf } from './curl.ts'
import type { Request } from './draft.ts'
import { texts } from './texts.ts'

/** The same for a shell: what this page does, a program can. */
export const CurlPanel = ({ request }: { request: Request }) => {
  const t = useTexts(texts)
  const session = useSession()
  const needsKey = session !== null && session.kind !== 'anonymous'
  const command = curlOf(request, { origin: window.location.origin, needsKey })
  return (
    <Panel title={t.curl} hint={needsKey ? t.curlHint : undefined} actions={<CopyButton text={command} />}>
      <Inert text={command} label={t.command} />
    </Panel>
  )
}
