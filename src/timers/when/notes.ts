import type { Text } from '../../platform/errors.ts'
import type { Reading } from './input.ts'

/** What a person should know about how a time was read, in the order of reading. */
export function notesOn(reading: Reading, heldMs: number): Text[] {
  const notes: Text[] = []
  if (reading.given === 'delay') notes.push(DELAY)
  if (reading.given === 'local') {
    const { zone, zoneAsGiven, change } = reading
    if (zoneAsGiven !== zone) {
      notes.push({
        en: `The time zone ${zoneAsGiven} was read as ${zone}.`,
        ko: `시간대 ${zoneAsGiven}을(를) ${zone}(으)로 읽었습니다.`,
      })
    }
    const sign = /^Etc\/GMT([+-])([1-9]\d?)$/.exec(zone)
    if (sign !== null) {
      const real = `UTC${sign[1] === '+' ? '-' : '+'}${sign[2]}`
      notes.push({
        en: `${zone} means ${real}: in these names the sign is the other way round.`,
        ko: `${zone}은(는) ${real}을 뜻합니다. 이런 이름에서는 부호가 반대입니다.`,
      })
    }
    if (change !== undefined) notes.push(onChange(change))
  }
  if (reading.roundedUp) notes.push(ROUNDED_UP)
  if (heldMs > reading.epochMs) notes.push(PAST_AS_NOW)
  return notes
}

const DELAY: Text = {
  en: 'A delay counts from the moment the request is taken up, by the clock of the database; a day is 24 hours.',
  ko: '지연 시간은 요청을 받은 순간부터 데이터베이스의 시계로 계산하며, 하루는 24시간입니다.',
}
const ROUNDED_UP: Text = {
  en: 'What is finer than a millisecond was rounded up.',
  ko: '밀리초보다 세밀한 부분은 올림했습니다.',
}
const PAST_AS_NOW: Text = {
  en: 'This is up to 60 seconds in the past, and counts as now.',
  ko: '60초 이내로 지난 시각이어서 지금으로 처리합니다.',
}

function onChange(change: { kind: 'gap' | 'overlap'; taken: 'earlier' | 'later'; otherMs: number }): Text {
  const other = new Date(change.otherMs).toISOString()
  const taken = change.taken === 'earlier' ? { en: 'earlier', ko: '더 이른' } : { en: 'later', ko: '더 늦은' }
  return change.kind === 'gap'
    ? {
        en: `This local time does not exist, as clocks are put forward over it: the ${taken.en} instant was taken, the other one is ${other}.`,
        ko: `시계를 앞당기는 때여서 없는 현지 시각입니다. ${taken.ko} 쪽을 택했으며, 다른 쪽은 ${other}입니다.`,
      }
    : {
        en: `This local time comes twice, as clocks are put back over it: the ${taken.en} instant was taken, the other one is ${other}.`,
        ko: `시계를 늦추는 때여서 두 번 있는 현지 시각입니다. ${taken.ko} 쪽을 택했으며, 다른 쪽은 ${other}입니다.`,
      }
}
