import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { CurlPanel } from '../../parts/curl/curl-panel.tsx'
import { useFieldErrors } from '../../parts/field-errors.ts'
import { DeliveryFields } from '../../parts/message/delivery-fields.tsx'
import { brokenJson } from '../../parts/message/draft.ts'
import { MessageFields } from '../../parts/message/message-fields.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Failure, Loading } from '../../parts/query-view.tsx'
import { RulePreview } from '../../parts/rule/rule-preview.tsx'
import { texts as whenTexts } from '../../parts/when/texts.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useAttachments } from './attachments.ts'
import { AttachmentsField } from './attachments-field.tsx'
import classes from './compose.module.css'
import { type ComposeDraft, EMPTY, requestOf } from './draft.ts'
import { MessagePreview } from './message-preview.tsx'
import { useTabText } from '../../parts/use-tab-text.ts'
import { texts } from './texts.ts'
import { ComposeTimeFields, ExpiryFields } from './time-fields.tsx'
import { usePrefill } from './use-prefill.ts'
import { useSubmit } from './use-submit.ts'

const ruleOf = ({ ruleKind, rule, ruleZone }: ComposeDraft) =>
  rule.trim() === '' ? null : { [ruleKind]: rule.trim(), timeZone: ruleZone }

/** A notification by hand, on any channel and at any time, with everything seen before it is made. */
export const ComposePage = () => {
  const t = useTexts(texts)
  const when = useTexts(whenTexts)
  const [draft, change, forgetDraft] = useDraft('compose', EMPTY)
  const [headers, onHeaders] = useTabText('compose.headers')
  const attachments = useAttachments()
  const { keep } = attachments
  const target = useMemo(
    () => ({ draft, change, onHeaders, onAttachments: keep }),
    [draft, change, onHeaders, keep],
  )
  const prefill = usePrefill(target)
  const isRecurring = draft.time === 'recurring'
  const request = requestOf(draft, { headers, attachments: attachments.files })
  const forget = () => {
    forgetDraft()
    onHeaders('')
    keep([])
  }
  const submit = useSubmit({ draft, request, change, forget })
  const errorOf = useFieldErrors(submit.error, isRecurring ? 'notification.' : '')
  const scheduleErrorOf = useFieldErrors(submit.error)
  const shared = { draft, change }
  const isBroken = brokenJson(draft).length > 0

  return (
    <Page
      title={t.title}
      actions={
        <Button
          variant="subtle"
          size="xs"
          onClick={() => {
            forget()
            submit.reset()
          }}
        >
          {t.forget}
        </Button>
      }
    >
      {prefill.isReading && (
        <div role="status">
          <Loading lines={2} />
        </div>
      )}
      {prefill.query.error !== null && (
        <Failure problem={prefill.query.error} retry={() => void prefill.query.refetch()} />
      )}
      {prefill.secret.length > 0 && <p className={classes.secret}>{t.secret(prefill.secret.join(', '))}</p>}
      <div className={classes.columns}>
        {/* No form, which Enter in any field would send: what is written goes out by its button alone. */}
        <div className={classes.column} role="group" aria-label={t.title}>
          <Panel title={t.what}>
            <MessageFields {...shared} {...{ headers, onHeaders, errorOf }}>
              <AttachmentsField attachments={attachments} error={errorOf('attachments')} />
            </MessageFields>
          </Panel>
          <Panel title={when.when}>
            <ComposeTimeFields {...shared} errorOf={scheduleErrorOf} />
            <ExpiryFields {...shared} errorOf={errorOf} />
          </Panel>
          <Panel title={t.how}>
            <DeliveryFields {...shared} errorOf={errorOf} />
          </Panel>
          {submit.error !== null && <Failure problem={submit.error} retry={() => submit.mutate()} />}
          <div className={classes.buttons}>
            <ActionButton
              needs={isRecurring ? ['schedules:write', 'notifications:write'] : 'notifications:write'}
              unless={isBroken ? t.notJson : null}
              loading={submit.isPending}
              onClick={() => submit.mutate()}
            >
              {isRecurring ? t.recur : draft.time === 'now' ? t.send : t.schedule}
            </ActionButton>
          </div>
        </div>
        <div className={classes.column} data-side="true">
          <Panel title={t.preview}>
            <MessagePreview {...{ draft, headers, attachments: attachments.files }} />
          </Panel>
          {isRecurring && (
            <Panel title={t.nextRuns}>
              <RulePreview rule={ruleOf(draft)} />
            </Panel>
          )}
          <CurlPanel request={request} />
        </div>
      </div>
    </Page>
  )
}
