import { expect, test } from 'vitest'

import { dayBefore, hoursOf } from '../src/screens/statistics/days'

test('days are counted over the end of a month', () => {
  expect(dayBefore('2026-03-01', 1)).toBe('2026-02-28')
  expect(dayBefore('2026-11-30', 29)).toBe('2026-11-01')
})

test('hours have two decimals below ten, and one from ten on', () => {
  expect(hoursOf(0)).toBe(0)
  expect(hoursOf(91)).toBe(0.03)
  expect(hoursOf(5421.36)).toBe(1.51)
  expect(hoursOf(35_981)).toBe(9.99)
  expect(hoursOf(35_983)).toBe(10)
  expect(hoursOf(45_540)).toBe(12.7)
})
