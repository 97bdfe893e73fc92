import { defineTexts } from '../../i18n/texts.ts'
import { en } from './texts-en.ts'
import { ko } from './texts-ko.ts'

export const texts = defineTexts(en, ko)
