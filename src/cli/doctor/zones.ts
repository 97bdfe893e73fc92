import { type Check, both, ok, type Patient, type Result } from './check.ts'
import { readWallClock } from './repository-server.ts'
import { readZoneVersion } from './repository-work.ts'

/** What the clocks show by rules that changed of late: whoever has old zone data gets one of them wrong. */
const KNOWN: readonly { zone: string; instant: string; local: string; since: string }[] = [
  { zone: 'Asia/Seoul', instant: '2026-07-01T00:00:00Z', local: '2026-07-01 09:00', since: '' },
  { zone: 'America/New_York', instant: '2026-03-08T07:30:00Z', local: '2026-03-08 03:30', since: '2007' },
  { zone: 'Asia/Amman', instant: '2026-01-15T00:00:00Z', local: '2026-01-15 03:00', since: '2022f' },
  { zone: 'America/Mexico_City', instant: '2026-07-01T12:00:00Z', local: '2026-07-01 06:00', since: '2022f' },
  { zone: 'Africa/Cairo', instant: '2026-07-01T12:00:00Z', local: '2026-07-01 15:00', since: '2023c' },
  { zone: 'Asia/Almaty', instant: '2026-07-01T12:00:00Z', local: '2026-07-01 17:00', since: '2024a' },
  { zone: 'America/Asuncion', instant: '2026-07-01T12:00:00Z', local: '2026-07-01 09:00', since: '2024b' },
]

const wallClock = (zone: string, instant: string): string | null => {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    })
    return format.format(new Date(instant))
  } catch {
    return null
  }
}

const judge = (
  who: string,
  version: string,
  shown: readonly (string | null)[],
  mend: Result['mend'],
): Result => {
  const wrong = KNOWN.filter(({ local }, i) => shown[i] !== local)
  if (wrong.length === 0)
    return ok(`${who} knows the latest rules${version}`, `${who}의 시간대 규칙이 최신입니다${version}`)
  const names = wrong.map(({ zone, since }) => (since === '' ? zone : `${zone} (${since})`)).join(', ')
  return {
    status: 'warning',
    text: {
      en: `${who} has old zone data${version}: wrong for ${names}`,
      ko: `${who}의 시간대 자료가 오래되었습니다${version}. 틀린 곳: ${names}`,
    },
    ...(mend !== undefined && { mend }),
  }
}

/** Wall-clock times are resolved by Node alone; PostgreSQL's zones show in SQL that people write. */
const nodeZones = (): Result => {
  const shown = KNOWN.map(({ zone, instant }) => wallClock(zone, instant))
  const version = process.versions['tz']
  return judge('Node.js', version === undefined ? '' : ` (${version})`, shown, {
    en: 'update Node.js, or point NODE_ICU_DATA to newer data: times such as 09:00 in these zones are an hour off',
    ko: 'Node.js를 올리거나 NODE_ICU_DATA에 새 자료를 지정하십시오. 이 시간대의 현지 시각이 한 시간 어긋납니다',
  })
}

const databaseZones = async ({ db }: Patient): Promise<Result[]> => {
  if (db === null) return []
  const shown: (string | null)[] = []
  for (const { zone, instant } of KNOWN) shown.push(await readWallClock(db, zone, instant))
  return [judge('PostgreSQL', '', shown, both('apt upgrade tzdata / update PostgreSQL'))]
}

/** Whether pending times were resolved by other data than this Node.js has. */
const resolvedBy = async ({ db, config }: Patient): Promise<Result[]> => {
  const own = process.versions['tz']
  if (db === null || config === null || own === undefined) return []
  const version = await readZoneVersion(db, config.schema)
  if (version === null) return []
  if (version === own)
    return [
      ok(
        `pending times were resolved by the zone data of this Node.js`,
        `대기 중인 시각은 이 Node.js의 시간대 자료로 계산되었습니다`,
      ),
    ]
  const isOlder = own < version
  return [
    {
      status: 'warning',
      text: {
        en: `pending times were resolved by the zone data ${version}; this Node.js has ${isOlder ? 'older' : 'newer'} ones, ${own}`,
        ko: `대기 중인 시각은 시간대 자료 ${version}(으)로 계산되었는데, 이 Node.js의 자료는 더 ${isOlder ? '오래된' : '새로운'} ${own}입니다`,
      },
      mend: isOlder ? both('update Node.js') : both('yeyak reresolve --dry-run'),
    },
  ]
}

export const zoneCheck: Check = {
  name: 'zones',
  title: { en: 'zone data', ko: '시간대 자료' },
  run: async (patient) => [nodeZones(), ...(await databaseZones(patient)), ...(await resolvedBy(patient))],
}
