import { expect, test } from 'vitest'

import { lineAt, placedWords, placesOf, wordAtPlace, wordAtTime } from '../src/screens/asset/words'

const word = (text: string, startTimeMs: number, endTimeMs: number) => ({ text, startTimeMs, endTimeMs, confidence: 1 })
const line = { text: 'A man, a plan.', words: [word('A', 0, 100), word('man,', 100, 400), word('a', 600, 700), word('plan.', 700, 900)] }

test('words have their places in the line, also those that come twice', () => {
  expect(placedWords(line).map(({ from, to }) => line.text.slice(from, to))).toEqual(['A', 'man,', 'a', 'plan.'])
  expect(placedWords({ text: 'another text', words: line.words })).toHaveLength(1)
  expect(placedWords({ text: 'a corrected line' })).toEqual([])
})

test('a place in the text is that of the word there or before it', () => {
  const words = placedWords(line)
  expect(wordAtPlace(words, 4)?.startTimeMs).toBe(100)
  expect(wordAtPlace(words, 6)?.startTimeMs).toBe(100)
  expect(wordAtPlace(words, 14)?.startTimeMs).toBe(700)
  expect(wordAtPlace([], 3)).toBeUndefined()
})

test('a time is that of the word which is spoken, or of none between words', () => {
  const words = placedWords(line)
  expect(wordAtTime(words, 650)?.from).toBe(7)
  expect(wordAtTime(words, 500)).toBeUndefined()
  expect(wordAtTime(words, -1)).toBeUndefined()
})

test('the line of a time is the last that has started', () => {
  const lines = [{ startTimeMs: 100 }, { startTimeMs: 200 }, { startTimeMs: 200 }]
  expect([0, 100, 199, 200, 9999].map((time) => lineAt(lines, time))).toEqual([-1, 0, 0, 2, 2])
})

test('places of a text are found without regard to capitals', () => {
  expect(placesOf(line.text, 'A')).toEqual([0, 3, 7, 11])
  expect(placesOf(line.text, '')).toEqual([])
})
