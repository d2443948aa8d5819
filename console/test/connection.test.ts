import { expect, test } from 'vitest'

import { Connection } from '../src/api/connection.svelte'
import { ApiError } from '../src/api/errors'
import { signed } from '../src/api/signature'

function connection(answer: () => Response | Promise<Response>): Connection {
  return new Connection('http://archive.test/prefix/console/', async () => answer())
}

const json = (status: number, content: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(content), { status, headers })

test('addresses are below the prefix of the page', () => {
  const one = connection(() => json(200, {}))
  expect(one.address('api/v1/workspaces', { pageNum: 1, name: null, id: [1, 2] })).toBe(
    'http://archive.test/prefix/api/v1/workspaces?pageNum=1&id=1&id=2',
  )
})

test('the result of an envelope is returned', async () => {
  expect(await connection(() => json(200, { code: '0', result: { a: 1 } })).call('GET', 'x')).toEqual({ a: 1 })
})

test('a refusal has the code, the fields and the trace id', async () => {
  const refusal = { responseError: { code: '10001', message: 'Invalid Request.', details: [{ field: 'key', reason: 'is empty' }] } }
  const call = connection(() => json(400, refusal, { 'x-ncp-trace-id': 'abc' })).call('GET', 'x')
  const error = await call.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status: 400, code: '10001', problems: [{ field: 'key' }], traceId: 'abc' })
})

test('only a missing session ends it', async () => {
  const denied = connection(() => json(401, { error: { errorCode: '210', message: 'Permission Denied' } }))
  await denied.call('GET', 'x').catch(() => undefined)
  expect(denied.isSessionOver).toBe(false)
  const over = connection(() => json(401, { error: { errorCode: '200', message: 'Authentication Failed' } }))
  await over.call('GET', 'x').catch(() => undefined)
  expect(over.isSessionOver).toBe(true)
})

test('silence is an error that may pass', async () => {
  const silent = connection(() => Promise.reject(new TypeError('network')))
  const error = await silent.call('GET', 'x').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ status: 0, isTemporary: true })
  expect(silent.isUp).toBe(false)
})

test('a call is signed as the API asks', async () => {
  const headers = await signed('POST', '/console/session', { accessKey: 'SDX1', secretKey: 'secret' }, 1_700_000_000_000)
  expect(headers).toEqual({
    'x-ncp-apigw-timestamp': '1700000000000',
    'x-ncp-iam-access-key': 'SDX1',
    'x-ncp-apigw-signature-v2': 'ugZuDbNr3WAowbHBQnNc806kv0cX+N/DYMcUbRBRPvY=',
  })
})
