import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { defineTexts } from '../../i18n/texts.ts'
import { CopyButton } from '../copy-button.tsx'
import { Inert } from '../inert.tsx'
import { Panel } from '../page.tsx'
import { curlOf, type Request } from './curl.ts'

/** The same for a shell: what a form does, a program can. */
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

const texts = defineTexts(
  {
    command: 'Command',
    curl: 'The same with curl',
    curlHint: 'It takes an API key from $YEYAK_API_KEY.',
  },
  {
    command: '명령',
    curl: 'curl로 똑같이',
    curlHint: 'API 키는 $YEYAK_API_KEY에서 읽습니다.',
  },
)
