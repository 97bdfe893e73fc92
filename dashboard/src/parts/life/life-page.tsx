import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Problem } from '../../api/problem.ts'
import { type Scope, usePermission, useSession } from '../../app/session.tsx'
import { visible } from '../inert.tsx'
import { Page } from '../page.tsx'
import { Empty, QueryView } from '../query-view.tsx'
import type { ListOf } from './kind.ts'
import classes from './life.module.css'

interface LifePageProps<One> {
  id: string
  query: UseQueryResult<One>
  needs: Scope
  titleOf(one: One): string
  /** Where all of them are. */
  list: ListOf
  /** `title` while nothing is known of it, `back` leads to the list, `gone` where there is none. */
  texts: { title: string; back: string; gone: string }
  actions(one: One): ReactNode
  children(one: One): ReactNode
}

const LONGEST_TITLE = 80

/** One of many: what it is, what happened to it and why, and what can be done about it. */
export const LifePage = <One,>({ query, texts: t, ...o }: LifePageProps<One>) => {
  const session = useSession()
  const permission = usePermission(o.needs)
  const { data, error } = query
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  if (error instanceof Problem && error.status === 404)
    return (
      <Page title={t.title}>
        <Empty>
          {t.gone} <Link to={o.list}>{t.back}</Link>
        </Empty>
      </Page>
    )
  const title = data === undefined ? t.title : visible(o.titleOf(data).slice(0, LONGEST_TITLE)) || t.title
  return (
    <Page title={title} actions={data !== undefined && o.actions(data)}>
      <p className={classes.path}>
        <Link to={o.list}>{t.back}</Link> / <code>{o.id}</code>
      </p>
      <QueryView query={query} lines={8}>
        {o.children}
      </QueryView>
    </Page>
  )
}
