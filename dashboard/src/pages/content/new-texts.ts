import { defineTexts } from '../../i18n/texts.ts'

export const texts = defineTexts(
  {
    title: (type: string) => `New ${type}`,
    idHint: 'Made where it is left empty.',
    locale: 'Locale',
    localeHint: 'Empty: the default one.',
    make: 'Make the draft',
    made: 'The draft is there.',
  },
  {
    title: (type) => `새 ${type}`,
    idHint: '비워 두면 자동으로 만들어집니다.',
    locale: '로캘',
    localeHint: '비워 두면 기본 로캘입니다.',
    make: '초안 만들기',
    made: '초안을 만들었습니다.',
  },
)
