import { expect, test } from 'vitest'

import type { Hit } from '../src/api/types'
import { momentPath, placeOf } from '../src/screens/search/moments'

const hit = (assetId: number, momentStartMs: number, assetType = 'VIDEO'): Hit => ({ assetId, momentStartMs, assetType }) as Hit

test('a path leads to the moment and keeps the question', () => {
  const path = momentPath('news room', hit(7, 1500), new URLSearchParams({ q: 'a ship', person: '3' }))
  const url = new URL(path, 'http://a.test')
  expect(url.pathname).toBe('/w/news%20room/assets/7')
  expect(url.searchParams.get('t')).toBe('1.5')
  expect(url.searchParams.get('found')).toBe('q=a+ship&person=3')
  expect(momentPath('a', hit(7, 0, 'IMAGE'), new URLSearchParams())).toBe('/w/a/assets/7?')
})

test('the hit that is shown is the nearest one of the asset', () => {
  const hits = [hit(1, 0), hit(2, 9000), hit(1, 8000), hit(3, 0)]
  expect(placeOf(hits, 1, 7000)).toBe(2)
  expect(placeOf(hits, 1, 100)).toBe(0)
  expect(placeOf(hits, 3, 100)).toBe(3)
  expect(placeOf(hits, 4, 100)).toBe(-1)
})
