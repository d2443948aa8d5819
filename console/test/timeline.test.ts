import { expect, test } from 'vitest'

import { panned, showing, snapped, ticks, timeOf, xOf, zoomed } from '../src/timeline/axis'
import { hit, laneAt, laneOf, rowOf, topsOf, visible } from '../src/timeline/lanes'

const HOUR = 3_600_000
const mark = (start: number, end: number, label = '') => ({ start, end, label })

test('places and times of the axis belong together', () => {
  const view = { start: 1000, end: 5000 }
  expect(xOf(view, 800, 2000)).toBe(200)
  for (const x of [0, 1, 399.5, 800]) expect(xOf(view, 800, timeOf(view, 800, x))).toBeCloseTo(x)
})

test('the time below the pointer keeps its place while zooming', () => {
  let view = { start: 0, end: HOUR }
  for (let step = 0; step < 30; step++) {
    const x = xOf(view, 1000, 1_234_567)
    view = zoomed(view, 0.8, 1_234_567, HOUR)
    expect(xOf(view, 1000, 1_234_567)).toBeCloseTo(x, 3)
  }
  expect(zoomed(view, 1e-9, 1_234_567, HOUR).end - zoomed(view, 1e-9, 1_234_567, HOUR).start).toBeCloseTo(400)
  expect(zoomed(view, 1e9, 1_234_567, HOUR)).toEqual({ start: 0, end: HOUR })
})

test('a view stays within the film', () => {
  expect(panned({ start: 1000, end: 2000 }, -5000, HOUR)).toEqual({ start: 0, end: 1000 })
  expect(panned({ start: 1000, end: 2000 }, HOUR, HOUR)).toEqual({ start: HOUR - 1000, end: HOUR })
  expect(zoomed({ start: 0, end: 300 }, 0.5, 100, 300)).toEqual({ start: 0, end: 300 })
})

test('a view moves to a time only if it does not show it', () => {
  const view = { start: 10_000, end: 20_000 }
  expect(showing(view, 15_000, HOUR)).toBe(view)
  expect(showing(view, 30_000, HOUR)).toEqual({ start: 29_200, end: 39_200 })
})

test('times of the ruler are far enough apart at every zoom', () => {
  for (const length of [400, 9000, 60_000, HOUR, 30 * HOUR]) {
    const view = { start: 777, end: 777 + length }
    const { step, times } = ticks(view, 1000, 76)
    expect((step / length) * 1000).toBeGreaterThanOrEqual(76)
    expect(times.length).toBeGreaterThan(0)
    expect(times.every((time) => time % step === 0)).toBe(true)
  }
})

test('a time snaps to the nearest cut within reach', () => {
  const cuts = [0, 1000, 1100]
  expect([940, 1049, 1051, 1400, -3].map((time) => snapped(time, cuts, 100))).toEqual([1000, 1000, 1100, 1400, 0])
  expect(snapped(5, [], 100)).toBe(5)
})

test('marks that overlap lie in rows, as far as a lane has rows', () => {
  const lane = laneOf({ id: 'k', kind: 'keywords', label: '', marks: [mark(50, 60), mark(0, 100), mark(0, 10), mark(10, 30)] })
  expect(lane.marks.map((one) => [one.start, one.row])).toEqual([[0, 0], [0, 1], [10, 1], [50, 1]])
  expect(lane.rows).toBe(2)
  const many = laneOf({ id: 'k', kind: 'keywords', label: '', marks: Array.from({ length: 9 }, () => mark(0, 10)) })
  expect(many.rows).toBe(4)
  expect(laneOf({ id: 'p', kind: 'person', label: '', marks: [mark(0, 10), mark(5, 9)] }).rows).toBe(1)
})

test('only marks that reach into a view are drawn', () => {
  const marks = [mark(0, 9000), ...Array.from({ length: 1000 }, (_, place) => mark(place * 10, place * 10 + 5))]
  const lane = laneOf({ id: 's', kind: 'texts', label: '', marks })
  const [from, to] = visible(lane, { start: 9500, end: 9600 })
  expect(from).toBe(951)
  expect(to).toBe(962)
  // A long mark before a view is drawn as well.
  expect(visible(lane, { start: 5000, end: 5001 })[0]).toBe(0)
  expect(visible(lane, { start: 50_000, end: 60_000 })).toEqual([1001, 1001])
})

test('the lane at a height is found among all', () => {
  const lanes = [
    laneOf({ id: 'a', kind: 'scenes', label: '', marks: [] }),
    laneOf({ id: 'b', kind: 'person', label: '', marks: [] }),
  ]
  const tops = topsOf(lanes)
  expect(tops).toEqual([0, 48, 72])
  expect([-1, 0, 47, 48, 71, 72].map((y) => laneAt(tops, y))).toEqual([-1, 0, 0, 1, 1, -1])
})

test('a point hits the mark below it in its row, and short marks with some reach', () => {
  const lane = laneOf({ id: 'k', kind: 'texts', label: '', marks: [mark(0, 1000, 'long'), mark(500, 501, 'short')] })
  const view = { start: 0, end: 1000 }
  const middle = (row: number): number => rowOf(lane, row).top + rowOf(lane, row).height / 2
  expect(hit(lane, view, 1000, 500, middle(0))?.label).toBe('long')
  expect(hit(lane, view, 1000, 503, middle(1))?.label).toBe('short')
  expect(hit(lane, view, 1000, 520, middle(1))).toBeUndefined()
})
