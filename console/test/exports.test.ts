import { expect, test } from 'vitest'

import { exportRateOf } from '../src/screens/asset/exports'
import { timeIn } from '../src/screens/asset/spans'

test('an export counts in the rate that is nearest to that of the film', () => {
  expect([24_000 / 1001, 24, 25, 12.5, 30_000 / 1001, 59.9, 120].map(exportRateOf)).toEqual([
    ...['23.976', '24', '25', '23.976', '29.97', '59.94', '60'],
  ])
})

test('a time in an address is one in the film', () => {
  const times = ['t=12.5', 't=-3', 't=abc', 't=Infinity', ''].map((query) => timeIn(new URLSearchParams(query)))
  expect(times).toEqual([12_500, 0, 0, 0, 0])
})
