import { expect, test } from 'vitest'

import { captionsOf } from '../src/player/captions'

const word = (text: string, second: number) => ({ text, startTimeMs: second * 1000, endTimeMs: second * 1000 + 900 })

test('a line is a cue, with signs of the format escaped', () => {
  const lines = [{ startTimeMs: 3_601_500, endTimeMs: 3_603_900, text: 'Fish & <chips>' }]
  expect(captionsOf(lines)).toBe('WEBVTT\n\n01:00:01.500 --> 01:00:03.900\nFish &amp; &lt;chips&gt;\n')
})

test('a cue is long enough to be seen', () => {
  expect(captionsOf([{ startTimeMs: 0, endTimeMs: 20, text: 'No' }])).toContain('00:00:00.000 --> 00:00:00.300')
})

test('a long line is divided at its words, and each part starts with its first word', () => {
  const names = ['Many', 'a', 'little', 'makes', 'a', 'mickle,', 'as', 'they', 'say.', 'So', 'it', 'goes.']
  const line = { startTimeMs: 0, endTimeMs: 12_000, text: names.join(' '), words: names.map(word) }
  const blocks = captionsOf([line]).trim().split('\n\n').slice(1)
  expect(blocks).toEqual([
    '00:00:00.000 --> 00:00:06.900\nMany a little makes a mickle, as',
    '00:00:07.000 --> 00:00:12.000\nthey say. So it goes.',
  ])
})

test('words without spaces between them are found in their line', () => {
  const names = [...'今日はとても良い天気ですね']
  const line = { startTimeMs: 0, endTimeMs: 13_000, text: names.join(''), words: names.map(word) }
  const texts = captionsOf([line]).trim().split('\n\n').slice(1).map((block) => block.split('\n')[1])
  expect(texts.join('')).toBe(line.text)
  expect(texts).toHaveLength(2)
})
