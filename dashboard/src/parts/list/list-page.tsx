import { type ReactNode, useState } from 'react'
import { type Scope, usePermission, useSession } from '../../app/session.tsx'
import { BulkDialog, type BulkKind } from '../bulk/bulk-dialog.tsx'
import type { BulkSubject } from '../bulk/subjects.ts'
import { Page } from '../page.tsx'
import { Empty } from '../query-view.tsx'
import { BulkButtons, ColumnChooser, SavedViews } from './toolbar.tsx'
import type { ColumnChoice } from './use-column-choice.ts'

interface ListPageProps {
  title: string
  /** To see the rows. */
  needs: Scope
  subject: BulkSubject
  /** As the address has it; bulk changes begin with it. */
  filter: Readonly<Record<string, string>>
  filters: ReactNode
  /** Under what views are kept in this browser. */
  views: string
  columns: ColumnChoice
  /** Before the buttons that each list has. */
  actions?: ReactNode
  /** The rows. */
  children: ReactNode
}

/** All of something, however many: what is looked for stands in the address, and may be changed as a whole. */
export const ListPage = (o: ListPageProps) => {
  const session = useSession()
  const permission = usePermission(o.needs)
  const [bulk, setBulk] = useState<BulkKind | null>(null)
  return (
    <Page
      title={o.title}
      actions={
        <>
          {o.actions}
          <BulkButtons onBulk={setBulk} />
          <SavedViews stored={o.views} />
          <ColumnChooser columns={o.columns} />
        </>
      }
    >
      {o.filters}
      {session !== null && !permission.allowed ? <Empty>{permission.reason}</Empty> : o.children}
      {bulk !== null && (
        <BulkDialog subject={o.subject} kind={bulk} filter={o.filter} onClose={() => setBulk(null)} />
      )}
    </Page>
  )
}
