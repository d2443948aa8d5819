import { expect, test, vi } from 'vitest'
import { Flight } from '../src/lib/flight.svelte'

const WINDOW = 700

function scrolled(pixelsPerSecond: number, milliseconds = 1000): Flight {
  const flight = new Flight()
  for (let time = 0; time <= milliseconds; time += 16) flight.moved((pixelsPerSecond * time) / 1000, WINDOW, 10_000 + time)
  return flight
}

test.each([
  [1000, false],
  [2000, false],
  [4000, true],
  [-6000, true],
])('a list at %i pixels a second is fast: %s', (speed, isFast) => {
  expect(scrolled(speed).isFast).toBe(isFast)
})

test('a list that rests is not fast', () => {
  vi.useFakeTimers()
  const flight = scrolled(6000)
  vi.advanceTimersByTime(200)

  expect(flight.isFast).toBe(false)
  vi.useRealTimers()
})

test('a single step after a rest is not fast', () => {
  const flight = new Flight()
  flight.moved(5000, WINDOW, 10_000)

  expect(flight.isFast).toBe(false)
})
