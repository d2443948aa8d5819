import { expect, test } from 'vitest'

import english from '../src/i18n/en'
import japanese from '../src/i18n/ja'
import korean from '../src/i18n/ko'

/** Keys without the forms of plurals, which languages have in different numbers. */
function keys(texts: Record<string, string>): string[] {
  return [...new Set(Object.keys(texts).map((key) => key.split('#')[0] ?? key))].sort()
}

/** Names of the values in a text. */
function values(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1] ?? '').sort()
}

test.each([
  ['ko', korean],
  ['ja', japanese],
] as const)('%s has the same keys and values as English', (_, texts: Record<string, string>) => {
  expect(keys(texts)).toEqual(keys(english))
  for (const key of keys(english)) {
    expect(texts[key], key).toBeTruthy()
    expect(values(texts[key] ?? ''), key).toEqual(values((english as Record<string, string>)[key] ?? ''))
  }
})
