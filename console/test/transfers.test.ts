import { expect, test } from 'vitest'

import { Connection } from '../src/api/connection.svelte'
import { errorOfTransfer, StorageSilent } from '../src/api/transfers'

const PAGE = 'http://archive.test'
const STORAGE = 'https://s3.test:9000/managed/uploads/1/film.mp4?X-Amz-Signature=0a'

const up = new Connection(`${PAGE}/console/`, async () => new Response('ok'))
const down = new Connection(`${PAGE}/console/`, async () => Promise.reject(new TypeError('no network')))

test('a storage that does not let the page write is named', async () => {
  const error = await errorOfTransfer(up, STORAGE, 0)
  expect(error).toBeInstanceOf(StorageSilent)
  expect(error).toMatchObject({ storage: 'https://s3.test:9000', page: PAGE, isTemporary: false })
})

test.each([
  ['the server is down too', down, STORAGE, 0],
  ['the transfer was cut', up, STORAGE, 5],
  ['the server takes the file itself', up, `${PAGE}/objects/uploads/1/film.mp4`, 0],
] as const)('a transfer is tried again if %s', async (_, connection, url, sent) => {
  const error = await errorOfTransfer(connection, url, sent)
  expect(error).not.toBeInstanceOf(StorageSilent)
  expect(error).toMatchObject({ status: 0, isTemporary: true })
})
