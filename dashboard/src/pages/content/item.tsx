import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Problem } from '../../api/problem.ts'
import { useParameter, useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { visible } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import classes from './content.module.css'
import { DraftEditor } from './draft-editor.tsx'
import { ExternalItem } from './external.tsx'
import { ItemActions } from './item-actions.tsx'
import { texts } from './item-texts.ts'
import { LostDialog } from './lost-dialog.tsx'
import { Publications } from './publications.tsx'
import { type Identity, type Item, itemQuery, subjectOf, titleOf, typesQuery } from './queries.ts'
import { Readers } from './readers.tsx'
import { Revisions } from './revisions.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { useItemAction } from './use-item-action.ts'

const LONGEST_TITLE = 90

const Path = ({ identity, item }: { identity: Identity; item?: Item | undefined }) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <p className={classes.path}>
      <span>
        <Link to="/content" search={{ type: identity.type }}>
          {visible(identity.type)}
        </Link>{' '}
        / <code>{visible(identity.id)}</code>
        {identity.locale !== '' && ` (${visible(identity.locale)})`}
      </span>
      {item !== undefined && (
        <>
          <StateBadge state={item.status} />
          <span>{t.facts.draft(format.number(item.draftRevision))}</span>
          {item.liveRevision !== null && <span>{t.facts.live(format.number(item.liveRevision))}</span>}
          <span>
            {t.facts.changed} <Instant at={item.updatedAt} />
          </span>
        </>
      )}
    </p>
  )
}

/** One item: its draft, what readers see of it, its revisions, and what is to become of it. */
export const ItemPage = () => {
  const t = useTexts(texts)
  const [type, id] = [useParameter('type'), useParameter('id')]
  const [search] = useSearchState()
  const identity: Identity = { type, id, locale: search['locale'] ?? '' }
  const session = useSession()
  const permission = usePermission('content:read')
  const item = useQuery({ ...itemQuery(identity), enabled: permission.allowed })
  const { data, error } = item
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  if (error instanceof Problem && error.code === 'external-model')
    return (
      <Page title={visible(`${type} ${id}`.slice(0, LONGEST_TITLE))}>
        <Path identity={identity} />
        <ExternalItem identity={identity} />
      </Page>
    )
  if (error instanceof Problem && error.status === 404)
    return (
      <Page title={t.title}>
        <Empty>
          {t.gone} <Link to="/content">{t.back}</Link>
        </Empty>
      </Page>
    )
  if (data === undefined)
    return (
      <Page title={t.title}>
        <QueryView query={item} lines={10}>
          {() => null}
        </QueryView>
      </Page>
    )
  return <Shown key={subjectOf(identity)} item={data} identity={identity} />
}

const Shown = ({ item, identity }: { item: Item; identity: Identity }) => {
  const types = useQuery(typesQuery)
  const type = types.data?.find(({ name }) => name === item.type)
  const action = useItemAction(item)
  const query = useQuery(itemQuery(identity))
  return (
    <Page
      title={visible(titleOf(item.data, item.id).slice(0, LONGEST_TITLE))}
      actions={<ItemActions item={item} action={action} />}
    >
      <Path identity={identity} item={item} />
      <QueryView query={query}>
        {() => (
          <div className={classes.columns}>
            <div className={classes.column}>
              <DraftEditor item={item} type={type} refused={action.faults} />
              <Revisions item={item} action={action} />
            </div>
            <div className={classes.column}>
              <SchedulePanel item={item} type={type} action={action} />
              <Readers identity={identity} />
            </div>
          </div>
        )}
      </QueryView>
      <Publications filter={{ type: item.type, id: item.id }} identity={identity} />
      <LostDialog action={action} />
    </Page>
  )
}
