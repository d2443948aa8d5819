import { expect, test } from 'vitest'

import { dayBefore, hoursOf } from '../src/screens/statistics/days'

test('days are counted over the end of a month', () => {
  expect(dayBefore('2026-03-01', 1)).toBe('2026-02-28')
  expect(dayBefore('2026-11-30', 29)).toBe('2026-11-01')
})

test('hours have one decimal', () => {
  expect(hoursOf(5421.36)).toBe(1.5)
})
