import { expect, test } from 'vitest'

import { addressOf, isAsked, questionOf, requestOf } from '../src/screens/search/query'

const FULL = 'q=harbour+at+night&level=HIGH&project=3&project=4&type=VIDEO&from=2026-01-01&to=2026-02-01&person=12&line=hello&person-not=14'

test('an address says again what it was read from', () => {
  const read = new URLSearchParams(FULL)
  const written = addressOf(questionOf(read))
  written.sort()
  read.sort()
  expect(written.toString()).toBe(read.toString())
})

test('a question becomes a request with only what was asked', () => {
  expect(requestOf(questionOf(new URLSearchParams(FULL)), [1, 2])).toEqual({
    query: { textQuery: 'harbour at night', personQuery: { must: [12], not: [14] }, dialogQuery: { must: ['hello'] } },
    queryOption: { confidenceLevel: 'HIGH' },
    filter: {
      projectIds: [3, 4],
      assetTypes: ['VIDEO'],
      indexModifiedFrom: '2026-01-01T00:00:00',
      indexModifiedTo: '2026-02-01T23:59:59',
    },
  })
})

test('a question without projects asks in all of them', () => {
  expect(requestOf(questionOf(new URLSearchParams('q=fog')), [1, 2]).filter).toEqual({ projectIds: [1, 2] })
})

test('values that cannot be are left out', () => {
  const question = questionOf(new URLSearchParams('q=+&person=x&person=-1&from=yesterday&type=AUDIO&level=BEST'))
  expect(isAsked(question)).toBe(false)
  expect(question.level).toBe('MEDIUM')
  expect(addressOf(question).toString()).toBe('')
})
