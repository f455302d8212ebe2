import { beforeEach, describe, expect, test } from 'vitest'

import { createHttpClient } from '../../src/api/http.js'
import { FakeServer } from '../fakes.js'

/** @import { ApiError } from '../../src/api/errors.js' */

/** @type {ApiError[]} */
let ended
/** @param {Record<string, unknown>} answers */
function clientOf(answers) {
  const server = new FakeServer(answers)
  const http = createHttpClient({ fetch: server.fetch })
  http.handleUnauthorized((error) => ended.push(error))
  http.useToken('token-1')
  return { http, server }
}

beforeEach(() => {
  ended = []
})

describe('the HTTP client', () => {
  test('sends the token with every request but the open ones', async () => {
    const { http, server } = clientOf({ 'GET /private': {}, 'GET /open': {} })
    await http.request('/private')
    await http.request('/open', { open: true })
    expect(server.requests.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer token-1', null])
  })

  test('turns the API’s error shape into an ApiError', async () => {
    const { http } = clientOf({ 'GET /x': [422, { error: { code: 'invalid', message: 'limit is too large', details: { field: 'limit' } } }] })
    await expect(http.request('/x')).rejects.toMatchObject({
      name: 'ApiError',
      status: 422,
      code: 'invalid',
      message: 'limit is too large',
      details: { field: 'limit' },
    })
  })

  test('says so when a proxy answers instead of the API', async () => {
    const server = new FakeServer({})
    server.fetch = async () => new Response('<html>Bad gateway</html>', { status: 502 })
    const http = createHttpClient({ fetch: server.fetch })
    await expect(http.request('/x')).rejects.toMatchObject({ status: 502, message: 'The server answered with status 502.' })
  })

  test('says so when nobody answers', async () => {
    const { http } = clientOf({ 'GET /x': new TypeError('Failed to fetch') })
    await expect(http.request('/x')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
  })

  test('a 401 ends the session', async () => {
    const { http } = clientOf({ 'GET /x': [401, { error: { code: 'token_expired', message: 'expired' } }] })
    await expect(http.request('/x')).rejects.toMatchObject({ status: 401 })
    expect(ended.map(({ code }) => code)).toEqual(['token_expired'])
  })

  test('a wrong password ends no session', async () => {
    const { http } = clientOf({ 'POST /login': [401, { error: { code: 'invalid_credentials', message: 'wrong' } }] })
    await expect(http.request('/login', { method: 'POST', body: {}, open: true })).rejects.toMatchObject({ status: 401 })
    expect(ended).toEqual([])
  })

  test('a late 401 to an older token does not end the new session', async () => {
    const { http, server } = clientOf({ 'GET /x': [401, { error: { code: 'token_expired', message: 'expired' } }] })
    const { fetch: answer } = server
    const late = createHttpClient({
      fetch: async (...request) => {
        late.useToken('token-2')
        return answer(...request)
      },
    })
    late.handleUnauthorized((error) => ended.push(error))
    late.useToken('token-1')
    await expect(late.request('/x')).rejects.toMatchObject({ status: 401 })
    expect(http.token).toBe('token-1')
    expect(ended).toEqual([])
  })
})
