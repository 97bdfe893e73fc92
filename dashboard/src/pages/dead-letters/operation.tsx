import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useParameter } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { texts as bulkTexts } from '../../parts/bulk/texts.ts'
import { OperationProgress, operationQuery } from '../../parts/operation-progress.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import classes from './dead-letters.module.css'
import { describeFilter } from './operations.tsx'
import { texts } from './texts.ts'

/** One change of many: how far it is, what it was asked to do, and its way back. */
export const OperationPage = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const subjects: Readonly<Record<string, string>> = useTexts(bulkTexts).subjects
  const id = useParameter('id')
  const session = useSession()
  const permission = usePermission('operate')
  const { data } = useQuery(operationQuery(id))
  const title = data === undefined ? t.operation : (t.kinds[data.kind as keyof typeof t.kinds] ?? data.kind)
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.operation}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  return (
    <Page title={title}>
      <p className={classes.dimmed}>
        <Link to="/dead-letters">{t.title}</Link> / <code>{id}</code>
      </p>
      <Panel title={t.progress}>
        <OperationProgress id={id} />
      </Panel>
      {data !== undefined && (
        <Panel title={t.asked}>
          <dl className={classes.facts}>
            <dt>{t.what}</dt>
            <dd>{subjects[data.subject] ?? data.subject}</dd>
            <dt>{t.filter}</dt>
            <dd>
              <code>
                <InertLine text={describeFilter(data.filter) || t.everything} most={2000} />
              </code>
            </dd>
            {data.patched.length > 0 && (
              <>
                <dt>{t.patched}</dt>
                <dd>
                  <code>{data.patched.join(', ')}</code>
                </dd>
              </>
            )}
            <dt>{t.rate}</dt>
            <dd>{data.ratePerSecond === null ? '–' : format.rate(data.ratePerSecond)}</dd>
            <dt>{t.begun}</dt>
            <dd>
              <Instant at={data.createdAt} />
            </dd>
            <dt>{t.ended}</dt>
            <dd>
              <Instant at={data.finishedAt} />
            </dd>
            {data.undoes !== null && (
              <>
                <dt>{t.undoes}</dt>
                <dd>
                  <Link to="/operations/$id" params={{ id: data.undoes }}>
                    <code>{data.undoes}</code>
                  </Link>
                </dd>
              </>
            )}
          </dl>
        </Panel>
      )}
    </Page>
  )
}
