import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { objectOf, Renewals } from '../src/lib/renewals'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('an object is the same under every signature', () => {
  expect(objectOf('https://s3.example/a/1.jpg?X-Amz-Date=1')).toBe(objectOf('https://s3.example/a/1.jpg?X-Amz-Date=2'))
  expect(objectOf('/objects/a/1.jpg')).toBe('/objects/a/1.jpg')
})

test('pictures that fail together are renewed once', () => {
  const renewals = new Renewals()
  const renew = vi.fn()
  renewals.add(renew)

  for (let number = 0; number < 100; number++) renewals.failed(`/objects/${number}.jpg?a=1`)
  vi.advanceTimersByTime(100)

  expect(renew).toHaveBeenCalledTimes(1)
})

test('a picture that is gone is left alone for a minute', () => {
  const renewals = new Renewals()
  const renew = vi.fn()
  renewals.add(renew)

  for (const seconds of [0, 1, 58]) {
    vi.advanceTimersByTime(seconds * 1000)
    renewals.failed('/objects/1.jpg?a=2')
  }
  vi.advanceTimersByTime(100)
  expect(renew).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  renewals.failed('/objects/1.jpg?a=3')
  vi.advanceTimersByTime(100)

  expect(renew).toHaveBeenCalledTimes(2)
})

test('a screen that is left renews nothing', () => {
  const renewals = new Renewals()
  const renew = vi.fn()
  renewals.add(renew)()

  renewals.failed('/objects/1.jpg?a=1')
  vi.advanceTimersByTime(100)

  expect(renew).not.toHaveBeenCalled()
})
