import { expect, test } from 'vitest'

import { SHUTTLE, SPEEDS, stepped } from '../src/player/shuttle'

test('l goes faster and j slower, backwards below standing', () => {
  const speeds: number[] = []
  let speed = 1
  for (const steps of [1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1]) speeds.push((speed = stepped(SHUTTLE, speed, steps)))
  expect(speeds).toEqual([2, 4, 8, 8, 4, 2, 1, 0, -1, -2, -4, -8, -8])
})

test('a speed between two steps counts as the nearer one', () => {
  expect(stepped(SPEEDS, 1.1, 1)).toBe(1.25)
  expect(stepped(SPEEDS, 3, -1)).toBe(1.5)
})
