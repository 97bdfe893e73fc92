import type { FieldError, Text } from '../platform/errors.ts'
import { joinPath } from './field-path.ts'

/** Arrays and objects within each other. PostgreSQL and JSON.stringify both give up, some thousands further down. */
const DEEPEST = 200
const MOST_FAULTS = 100

const NUL: Text = {
  en: 'must not contain the NUL character (U+0000), which PostgreSQL cannot store',
  ko: 'PostgreSQL에 저장할 수 없는 NUL 문자(U+0000)는 쓸 수 없습니다.',
}
const SURROGATE: Text = {
  en: 'must be well-formed Unicode: it contains half of a surrogate pair, as from text cut inside an emoji',
  ko: '올바른 유니코드여야 합니다. 이모지 중간에서 잘린 글자처럼 짝이 없는 서로게이트가 들어 있습니다.',
}
const DEEP: Text = {
  en: `must not be nested deeper than ${DEEPEST} levels`,
  ko: `${DEEPEST}단계보다 깊게 중첩할 수 없습니다.`,
}

const POISON: Text = {
  en: 'is not taken as a name: it would reach into the prototypes of JavaScript objects',
  ko: 'JavaScript 객체의 프로토타입을 건드릴 수 있는 이름은 쓸 수 없습니다.',
}

/**
 * Finds what JSON allows and this server does not: NUL and lone surrogates (in keys too), which the database cannot
 * store, keys that reach into prototypes, and bottomless nesting. All of them show in the raw text, so that a body
 * without them, which is nearly every one, is not walked at all. `value` is what `text` was parsed to.
 */
export function unstorableText(text: string, value: unknown): FieldError[] {
  return isSuspicious(text) ? walk(value) : []
}

/**
 * Valid UTF-8 has no surrogates and valid JSON no bare NUL: so that both can only come as escapes. Escaped ASCII
 * may spell a poisonous key.
 */
const ESCAPES = /\\u(?:00[0-7]|[dD][89a-fA-F])/u

function isSuspicious(text: string): boolean {
  return (
    (text.includes('\\u') && ESCAPES.test(text)) ||
    text.includes('"__proto__"') ||
    text.includes('"constructor"') ||
    (text.length > DEEPEST && isDeep(text))
  )
}

/** May be wrong where brackets stand inside strings: the walk then finds nothing. */
function isDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // Of [ ] { } and their neighbours the bit 32 is the only difference, so two comparisons do for four.
    if ((code | 32) === 123) {
      depth += 1
      if (depth > DEEPEST) return true
    } else if ((code | 32) === 125) depth -= 1
  }
  return false
}

/** Recursion is safe here, as it ends at the bound, and spares an object for each of what may be millions of values. */
function walk(root: unknown): FieldError[] {
  const faults: FieldError[] = []
  const keys: (string | number)[] = []
  // The path of something very deep would be longer than all the rest of the answer.
  const fault = (message: Text) =>
    faults.push({ path: keys.slice(0, 20).reduce<string>(joinPath, ''), message })

  function visit(value: unknown): void {
    if (faults.length >= MOST_FAULTS) return
    if (typeof value === 'string') check(value)
    if (typeof value !== 'object' || value === null) return
    if (keys.length === DEEPEST) fault(DEEP)
    else if (Array.isArray(value)) for (const [index, element] of value.entries()) step(index, element)
    else for (const key of Object.keys(value)) step(key, Reflect.get(value, key))
  }

  function step(key: string | number, value: unknown): void {
    keys.push(key)
    if (typeof key === 'string') checkKey(key, value)
    visit(value)
    keys.pop()
  }

  function checkKey(key: string, value: unknown): void {
    check(key)
    const reaches = typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
    if (key === '__proto__' || (key === 'constructor' && reaches)) fault(POISON)
  }

  function check(text: string): void {
    if (text.includes('\u0000')) fault(NUL)
    else if (!text.isWellFormed()) fault(SURROGATE)
  }

  visit(root)
  return faults.slice(0, MOST_FAULTS)
}
