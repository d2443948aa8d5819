import { expect, test } from 'vitest'

import { columnsOf, cornerOf, heightOf, placesBetween } from '../src/lib/cells'

const CELLS = { columns: 4, width: 200, height: 180, gap: 12 }

test('columns share the width', () => {
  expect(columnsOf(836, 200, 12)).toEqual({ columns: 4, width: 200 })
  expect(columnsOf(835, 200, 12).columns).toBe(3)
  expect(columnsOf(120, 200, 12)).toEqual({ columns: 1, width: 120 })
})

test('cells tile the grid', () => {
  expect(heightOf(CELLS, 0)).toBe(0)
  expect(heightOf(CELLS, 9)).toBe(3 * 192 - 12)
  expect(cornerOf(CELLS, 0)).toEqual({ x: 0, y: 0 })
  expect(cornerOf(CELLS, 6)).toEqual({ x: 424, y: 192 })
})

test('rows that are partly in sight are in sight, of however many', () => {
  expect(placesBetween(CELLS, 10_000, 0, 100)).toEqual([0, 4])
  expect(placesBetween(CELLS, 10_000, 191, 193)).toEqual([0, 8])
  expect(placesBetween(CELLS, 6, 0, 5000)).toEqual([0, 6])
  expect(placesBetween(CELLS, 6, -900, -400)).toEqual([0, 0])
  expect(placesBetween(CELLS, 6, 9000, 9500)).toEqual([6, 6])
})
