import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Fact, LifeFacts } from '../../parts/life/life-facts.tsx'
import { texts } from './detail-texts.ts'
import { recipientOf } from './rows.ts'

export const Facts = ({ notification }: { notification: Notification }) => {
  const t = useTexts(texts)
  const { channel, to, onUnknown } = notification
  return (
    <LifeFacts
      of={notification}
      list="/notifications"
      more={<Fact name={t.facts.onUnknown}>{t.facts.unknown[onUnknown]}</Fact>}
    >
      <Fact name={t.facts.channel}>{channel}</Fact>
      {recipientOf(to) !== '' && (
        <Fact name={t.facts.to}>
          <InertLine text={recipientOf(to)} most={2000} />
        </Fact>
      )}
    </LifeFacts>
  )
}
