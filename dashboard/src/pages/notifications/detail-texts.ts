import { defineTexts } from '../../i18n/texts.ts'

export const texts = defineTexts(
  {
    title: 'Notification',
    back: 'All notifications',
    gone: 'There is no such notification, or it belongs to another project.',
    actions: { sendNow: 'Send now', edit: 'Edit', editAndRetry: 'Edit and try again' },
    done: {
      sendNow: 'It is due now.',
      edit: 'It was changed.',
      cancel: 'Canceled: it will not be sent.',
    },
    edit: {
      title: 'Edit',
      sendAt: 'Send at',
      sendAgainAt: 'Send again at',
      emptyIsNow: 'Empty: now.',
      notJson: 'This is not valid JSON.',
      noTime: 'Choose a time: it waits for one.',
      nothing: 'Nothing was changed yet.',
      save: 'Save',
      throwAway: 'Throw the draft away',
    },
    facts: {
      channel: 'Channel',
      to: 'Recipient',
      onUnknown: 'If unknown',
      unknown: { retry: 'tried again', stop: 'stopped' },
    },
    content: { title: 'Content', none: 'There is no content, or it was forgotten.' },
  },
  {
    title: '알림',
    back: '전체 알림',
    gone: '그런 알림이 없거나 다른 프로젝트의 알림입니다.',
    actions: { sendNow: '지금 발송', edit: '수정', editAndRetry: '수정 후 재시도' },
    done: {
      sendNow: '지금 발송되도록 했습니다.',
      edit: '수정했습니다.',
      cancel: '취소했습니다. 발송되지 않습니다.',
    },
    edit: {
      title: '수정',
      sendAt: '발송 시각',
      sendAgainAt: '다시 발송할 시각',
      emptyIsNow: '비워 두면 지금 발송합니다.',
      notJson: '올바른 JSON이 아닙니다.',
      noTime: '발송할 시각을 정해 주세요.',
      nothing: '아직 바꾼 내용이 없습니다.',
      save: '저장',
      throwAway: '작성 내용 버리기',
    },
    facts: {
      channel: '채널',
      to: '수신자',
      onUnknown: '결과를 모를 때',
      unknown: { retry: '다시 시도', stop: '중단' },
    },
    content: { title: '내용', none: '내용이 없거나 삭제되었습니다.' },
  },
)
