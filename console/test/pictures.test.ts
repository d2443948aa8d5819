import { expect, test } from 'vitest'

import { SignedPictures } from '../src/lib/pictures'

const NOW = Date.UTC(2026, 0, 1, 12)

function ofServer(name: string, end: number): string {
  return `http://a.test/objects/${name}?expires=${end / 1000}&signature=${end}`
}

test('a picture keeps its address until shortly before it ends', () => {
  const pictures = new SignedPictures()
  const first = ofServer('1.jpg', NOW + 600_000)
  const later = ofServer('1.jpg', NOW + 900_000)
  expect(pictures.same(first, NOW)).toBe(first)
  expect(pictures.same(later, NOW + 300_000)).toBe(first)
  expect(pictures.same(ofServer('2.jpg', NOW + 900_000), NOW + 300_000)).toContain('2.jpg')
  expect(pictures.same(later, NOW + 550_000)).toBe(later)
})

test('addresses of S3 say when they were signed and for how long', () => {
  const pictures = new SignedPictures()
  const signed = (time: string): string => `https://s3.test/b/1.jpg?X-Amz-Date=20260101T${time}Z&X-Amz-Expires=600&X-Amz-Signature=0`
  expect(pictures.same(signed('120000'), NOW)).toBe(signed('120000'))
  expect(pictures.same(signed('120500'), NOW + 300_000)).toBe(signed('120000'))
  expect(pictures.same(signed('121000'), NOW + 600_000)).toBe(signed('121000'))
})

test('an address without an end is not kept', () => {
  const pictures = new SignedPictures()
  expect(pictures.same('http://a.test/1.jpg?v=1', NOW)).toContain('v=1')
  expect(pictures.same('http://a.test/1.jpg?v=2', NOW)).toContain('v=2')
})
