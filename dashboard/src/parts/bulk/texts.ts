import { defineTexts } from '../../i18n/texts.ts'

export const texts = defineTexts(
  {
    subjects: {
      notifications: 'notifications',
      runs: 'runs of tasks',
      publications: 'publications',
      releases: 'releases',
      'schedule-runs': 'runs of schedules',
      'webhook-deliveries': 'webhook deliveries',
    },
    title: {
      cancel: (subject: string) => `Cancel all ${subject} that match`,
      retry: (subject: string) => `Try all ${subject} again that match`,
      resolve: (subject: string) => `Settle all ${subject} that match`,
    },
    all: 'Everything, without a filter',
    none: 'Nothing matches any more.',
    matched: (count: string, more: boolean) => (more ? `More than ${count} match` : `${count} match`),
    sample: 'The first of them',
    others: (count: string) => `and ${count} others`,
    outcome: 'As what',
    outcomes: {
      failed: 'Failed: nobody tries again',
      delivered: 'Delivered: it is known to have arrived',
      succeeded: 'Succeeded: it is known to have been done',
      canceled: 'Canceled: nobody needs it any more',
    },
    settles: {
      notifications:
        'Settled is what waits, or has failed without anybody knowing whether it arrived. What was refused, or was tried in vain, is known to have failed.',
      runs: 'Settled is what waits, or was lost with its worker. What its task has given up is known to have failed.',
      publications:
        'They are settled as succeeded, and are dead letters no longer. The content stays as it is.',
      releases:
        'They are called off, and are dead letters no longer. Their items stay as they are, and each can be scheduled again.',
      'schedule-runs': 'Nobody starts them any more, and they are dead letters no longer.',
      'webhook-deliveries': 'Settled is what waits or has failed. It is a dead letter no longer.',
    },
    note: 'Note, for the timeline',
    when: 'Due at',
    whenHint: 'Empty: each at once, when its turn comes. With a time all are due together.',
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
    tooLate: {
      notifications: (count: string) =>
        `${count} were being sent just then: that attempt is not stopped, and no further one begins.`,
      runs: (count: string) => `${count} were running just then.`,
      publications: (count: string) => `${count} had been done by then.`,
      releases: (count: string) => `${count} had been published by then.`,
      'schedule-runs': (count: string) => `${count} had been started by then.`,
      'webhook-deliveries': (count: string) => `${count} were being sent just then.`,
    },
  },
  {
    subjects: {
      notifications: '알림',
      runs: '작업 실행',
      publications: '게시 작업',
      releases: '릴리스',
      'schedule-runs': '반복 일정 실행',
      'webhook-deliveries': '웹훅 전송',
    },
    title: {
      cancel: (subject) => `조건에 맞는 ${subject} 모두 취소`,
      retry: (subject) => `조건에 맞는 ${subject} 모두 재시도`,
      resolve: (subject) => `조건에 맞는 ${subject} 모두 처리 완료`,
    },
    all: '조건 없이 전체',
    none: '조건에 맞는 항목이 더 이상 없습니다.',
    matched: (count, more) => (more ? `${count}건 넘게 해당` : `${count}건 해당`),
    sample: '앞의 항목',
    others: (count) => `외 ${count}건`,
    outcome: '처리 결과',
    outcomes: {
      failed: '실패: 더 이상 시도하지 않음',
      delivered: '전달됨: 도착한 것으로 확인됨',
      succeeded: '성공: 완료된 것으로 확인됨',
      canceled: '취소됨: 더 이상 필요하지 않음',
    },
    settles: {
      notifications:
        '대기 중이거나, 도착 여부를 알 수 없이 실패한 알림만 처리됩니다. 거부되었거나 시도를 다 쓴 알림은 이미 실패로 확정된 것입니다.',
      runs: '대기 중이거나, 워커와 함께 사라진 실행만 처리됩니다. 작업이 스스로 포기한 실행은 이미 실패로 확정된 것입니다.',
      publications: '성공으로 처리되어 실패 항목에서 빠집니다. 콘텐츠는 그대로입니다.',
      releases: '취소되어 실패 항목에서 빠집니다. 포함된 항목은 그대로이며, 다시 예약할 수 있습니다.',
      'schedule-runs': '더 이상 시작되지 않으며 실패 항목에서 빠집니다.',
      'webhook-deliveries': '대기 중이거나 실패한 전송이 처리되어 실패 항목에서 빠집니다.',
    },
    note: '타임라인에 남길 메모',
    when: '예정 시각',
    whenHint: '비워 두면 차례가 되는 대로 바로 시도합니다. 시각을 정하면 모두 그 시각에 예정됩니다.',
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
    tooLate: {
      notifications: (count) =>
        `${count}건은 그 순간 발송 중이었습니다. 진행 중인 시도는 멈추지 않지만 다음 시도는 시작되지 않습니다.`,
      runs: (count) => `${count}건은 그 순간 실행 중이었습니다.`,
      publications: (count) => `${count}건은 이미 완료되었습니다.`,
      releases: (count) => `${count}건은 이미 게시되었습니다.`,
      'schedule-runs': (count) => `${count}건은 이미 시작되었습니다.`,
      'webhook-deliveries': (count) => `${count}건은 그 순간 전송 중이었습니다.`,
    },
  },
)
