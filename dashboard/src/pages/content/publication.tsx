import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { Problem } from '../../api/problem.ts'
import { useParameter } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { texts } from './item-texts.ts'
import { publicationQuery } from './queries.ts'

/** A publication by its id alone, as lists of failures and refusals know it: leads on to its item, where it is repaired. */
export const PublicationPage = () => {
  const t = useTexts(texts)
  const id = useParameter('id')
  const session = useSession()
  const permission = usePermission('content:read')
  const publication = useQuery({ ...publicationQuery(id), enabled: permission.allowed })
  const { data, error } = publication
  if (data !== undefined)
    return (
      <Navigate
        to="/content/$type/$id"
        params={{ type: data.type, id: data.resourceId }}
        search={{ locale: data.locale }}
        replace
      />
    )
  return (
    <Page title={t.publications.one}>
      {session !== null && !permission.allowed ? (
        <Empty>{permission.reason}</Empty>
      ) : error instanceof Problem && error.status === 404 ? (
        <Empty>
          {t.publications.gone} <Link to="/content">{t.back}</Link>
        </Empty>
      ) : (
        <QueryView query={publication} lines={10}>
          {() => null}
        </QueryView>
      )}
    </Page>
  )
}
