import { expect, test } from 'vitest'

import { clock, frameAt, middleOf } from '../src/lib/times'

test.each([
  [0, 0, '0:00'],
  [31_040, 3, '0:31.040'],
  [61_999, 0, '1:01'],
  [3_600_000, 1, '1:00:00.0'],
  [-5, 0, '0:00'],
])('%i ms are written as a position', (time, fraction, text) => {
  expect(clock(time, { fraction })).toBe(text)
})

test('the middle of each frame lies in that frame', () => {
  for (const rate of [24, 25, 30_000 / 1001, 59.94]) {
    for (let frame = 0; frame < 2000; frame++) expect(frameAt(middleOf(frame, rate), rate)).toBe(frame)
  }
})
