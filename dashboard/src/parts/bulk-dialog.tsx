import { Button, NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/client.ts'
import type { Answer, BulkOperation, Notification } from '../api/types.ts'
import { useFormat, useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { ActionButton } from './action-button.tsx'
import { Dialog } from './dialog.tsx'
import { InertLine } from './inert.tsx'
import { Instant } from './moments.tsx'
import { OperationProgress } from './operation-progress.tsx'
import classes from './bulk-dialog.module.css'
import { Failure, QueryView } from './query-view.tsx'
import { StateBadge } from './state-badge.tsx'
import { useDraft } from './use-draft.ts'

export type BulkKind = 'cancel' | 'retry' | 'resolve'

interface BulkDialogProps {
  kind: BulkKind
  /** As the query of the list has it. */
  filter: Readonly<Record<string, string>>
  onClose(): void
}

type Preview = Extract<Answer<'/v1/notifications/cancel', 'post'>, { sample: unknown }>
type Done = BulkOperation | { matched: number; changed: number; tooLate: number }

const RATE = 50
const INITIAL: { outcome: 'delivered' | 'failed'; note: string } = { outcome: 'failed', note: '' }
const isOperation = (done: Done): done is BulkOperation => 'id' in done

/** Changes all that a filter finds; first it shows how many and which, and how long that will take. */
export const BulkDialog = ({ kind, filter, onClose }: BulkDialogProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [rate, setRate] = useState<number | null>(RATE)
  const [{ outcome, note }, change, forget] = useDraft('bulk.resolve', INITIAL)
  const settled = kind === 'resolve' ? { outcome, ...(note !== '' && { note }) } : {}
  const path = `/v1/notifications/${kind}` as '/v1/notifications/cancel'
  const body = { filter, ...(Object.keys(filter).length === 0 && { all: true }), ...settled }

  const preview = useQuery({
    queryKey: ['bulk', kind, filter],
    queryFn: async ({ signal }) =>
      (await api.post(path, { body: { ...body, dryRun: true }, signal })) as Preview,
    gcTime: 0,
  })
  const run = useMutation({
    mutationFn: async () =>
      (await api.post(path, {
        body: { ...body, ...(rate !== null && { ratePerSecond: rate }) },
      })) as Done,
    onSuccess: forget,
  })
  const matched = preview.data?.matched ?? 0
  const { data: done } = run

  return (
    <Dialog onClose={onClose} title={t.title[kind]} size="lg">
      <div className={classes.dialog}>
        <p className={classes.filter}>
          {Object.keys(filter).length === 0 ? (
            <strong>{t.all}</strong>
          ) : (
            Object.entries(filter).map(([name, value]) => (
              <code key={name}>
                {name}=<InertLine text={value} most={80} />
              </code>
            ))
          )}
        </p>
        {done === undefined ? (
          <>
            <QueryView query={preview} isEmpty={(data) => data.matched === 0} empty={t.none}>
              {(data) => <Sample preview={data} />}
            </QueryView>
            {kind === 'resolve' && (
              <>
                <NativeSelect
                  label={t.outcome}
                  value={outcome}
                  onChange={(event) =>
                    change({ outcome: event.currentTarget.value === 'delivered' ? 'delivered' : 'failed' })
                  }
                  data={[
                    { value: 'failed', label: t.outcomes.failed },
                    { value: 'delivered', label: t.outcomes.delivered },
                  ]}
                />
                <Textarea
                  label={t.note}
                  maxLength={1000}
                  autosize
                  value={note}
                  onChange={(event) => change({ note: event.currentTarget.value })}
                />
              </>
            )}
            <NumberInput
              label={t.rate}
              description={
                rate === null ? t.atOnce : t.takes(format.span(Math.max(1000, (matched / rate) * 1000)))
              }
              min={0.1}
              max={100_000}
              allowNegative={false}
              value={rate ?? ''}
              onChange={(value) => setRate(typeof value === 'number' && value >= 0.1 ? value : null)}
            />
            {run.error !== null && <Failure problem={run.error} retry={() => run.mutate()} />}
            <div className={classes.buttons}>
              <Button variant="default" onClick={onClose}>
                {t.leave}
              </Button>
              <ActionButton
                needs="operate"
                color={kind === 'cancel' ? 'red' : 'sea'}
                loading={run.isPending}
                unless={preview.data === undefined || matched === 0 ? t.nothingToDo : null}
                onClick={() => run.mutate()}
              >
                {t.run[kind](format.number(matched))}
              </ActionButton>
            </div>
          </>
        ) : isOperation(done) ? (
          <>
            <OperationProgress id={done.id} expected={matched} />
            <div className={classes.buttons}>
              <Link to="/operations/$id" params={{ id: done.id }}>
                {t.ownPage}
              </Link>
              <Button onClick={onClose}>{t.close}</Button>
            </div>
          </>
        ) : (
          <>
            <p role="status">
              {t.done(format.number(done.changed), format.number(done.matched))}{' '}
              {done.tooLate > 0 && t.tooLate(format.number(done.tooLate))}
            </p>
            <div className={classes.buttons}>
              <Button onClick={onClose}>{t.close}</Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  )
}

const titleOf = ({ subject, message, text, to }: Notification): string => {
  const own = subject ?? message ?? text
  return own ?? (typeof to === 'string' ? to : '')
}

const Sample = ({ preview }: { preview: Preview }) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <div>
      <p className={classes.count}>
        <strong>{t.matched(format.number(preview.matched), preview.more)}</strong>
      </p>
      <ul className={classes.sample} aria-label={t.sample}>
        {preview.sample.map((item) => (
          <li key={item.id}>
            <StateBadge state={item.state} />
            <InertLine text={titleOf(item)} most={80} />
            <Instant at={item.dueAt} />
          </li>
        ))}
      </ul>
      {preview.matched > preview.sample.length && (
        <p className={classes.more}>{t.others(format.number(preview.matched - preview.sample.length))}</p>
      )}
    </div>
  )
}

const texts = defineTexts(
  {
    title: {
      cancel: 'Cancel all that match',
      retry: 'Try all again that match',
      resolve: 'Settle all that match',
    },
    all: 'Everything, without a filter',
    none: 'Nothing matches any more.',
    matched: (count: string, more: boolean) => (more ? `More than ${count} match` : `${count} match`),
    sample: 'The first of them',
    others: (count: string) => `and ${count} others`,
    outcome: 'As what',
    outcomes: { failed: 'Failed: nobody tries again', delivered: 'Delivered: it is known to have arrived' },
    note: 'Note, for the timeline',
    rate: 'At most so many a second',
    takes: (span: string) =>
      `Takes about ${span}. Can be followed, aborted, and undone for 24 hours after its end.`,
    atOnce: 'Without a rate up to 1,000 are changed at once, which cannot be undone.',
    leave: 'Change nothing',
    nothingToDo: 'There is nothing to change.',
    run: {
      cancel: (count: string) => `Cancel ${count}`,
      retry: (count: string) => `Try ${count} again`,
      resolve: (count: string) => `Settle ${count}`,
    },
    ownPage: 'Page of this operation',
    close: 'Close',
    done: (changed: string, matched: string) => `Done: ${changed} of ${matched} were changed.`,
    tooLate: (count: string) =>
      `${count} were being sent just then: that attempt is not stopped, and no further one begins.`,
  },
  {
    title: {
      cancel: '조건에 맞는 알림 모두 취소',
      retry: '조건에 맞는 알림 모두 재시도',
      resolve: '조건에 맞는 알림 모두 처리 완료',
    },
    all: '조건 없이 전체',
    none: '조건에 맞는 항목이 더 이상 없습니다.',
    matched: (count, more) => (more ? `${count}건 넘게 해당` : `${count}건 해당`),
    sample: '앞의 항목',
    others: (count) => `외 ${count}건`,
    outcome: '처리 결과',
    outcomes: { failed: '실패: 더 이상 시도하지 않음', delivered: '전달됨: 도착한 것으로 확인됨' },
    note: '타임라인에 남길 메모',
    rate: '초당 최대 건수',
    takes: (span) =>
      `약 ${span} 걸립니다. 진행 상황을 보고 중단할 수 있으며, 끝난 뒤 24시간 동안 되돌릴 수 있습니다.`,
    atOnce: '속도를 정하지 않으면 1,000건까지 한 번에 변경되며 되돌릴 수 없습니다.',
    leave: '변경하지 않음',
    nothingToDo: '변경할 항목이 없습니다.',
    run: {
      cancel: (count) => `${count}건 취소`,
      retry: (count) => `${count}건 재시도`,
      resolve: (count) => `${count}건 처리`,
    },
    ownPage: '이 작업의 페이지',
    close: '닫기',
    done: (changed, matched) => `완료: ${matched}건 중 ${changed}건을 변경했습니다.`,
    tooLate: (count) =>
      `${count}건은 그 순간 발송 중이었습니다. 진행 중인 시도는 멈추지 않지만 다음 시도는 시작되지 않습니다.`,
  },
)
