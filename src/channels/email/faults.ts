import type { FieldError, Text } from '../../platform/errors.ts'

/** Where a text goes into a header these would end it, or begin another one. A tab counts: no header here needs one. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u

export const hasControls = (text: string): boolean => CONTROLS.test(text)

export const CONTROLS_TEXT: Text = {
  en: 'must not contain line breaks or other control characters',
  ko: '줄바꿈 등 제어 문자를 포함할 수 없습니다.',
}

export const fault = (path: string, message: Text, suggestion?: string): FieldError => ({
  path,
  message,
  ...(suggestion !== undefined && { suggestion }),
})
