import { ApiError } from './errors.js'

const TIMEOUT_MS = 15_000

/**
 * @typedef {object} RequestOptions
 * @property {'GET' | 'POST' | 'PUT' | 'DELETE'} [method]
 * @property {unknown} [body] sent as JSON
 * @property {AbortSignal} [signal]
 * @property {boolean} [open] true for requests that carry no token and may answer 401 without ending the session
 */

/**
 * The one HTTP client: it owns the token and turns every failure into an ApiError.
 * @param {{ fetch?: typeof fetch, timeoutMs?: number }} [options]
 */
export function createHttpClient({ fetch: send = (...request) => fetch(...request), timeoutMs = TIMEOUT_MS } = {}) {
  /** @type {string | null} */
  let token = null
  /** @type {(error: ApiError) => void} */
  let onUnauthorized = () => {}

  /**
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<Response>} an answer without an error
   */
  async function answerTo(path, { method = 'GET', body, signal, open = false } = {}) {
    const sentToken = open ? null : token
    const response = await dispatch(send, path, {
      method,
      headers: headersFor(sentToken, body),
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: withTimeout(signal, timeoutMs),
    })
    if (response.ok) return response
    const error = await failureOf(response)
    // An answer to an older token must not end the session that replaced it.
    if (error.status === 401 && !open && sentToken === token) onUnauthorized(error)
    throw error
  }

  return {
    /**
     * @param {string} path
     * @param {RequestOptions} [options]
     * @returns {Promise<any>} the JSON body, or null when there is none
     */
    async request(path, options) {
      const response = await answerTo(path, options)
      return response.status === 204 ? null : readJson(response)
    },
    /** A file that only the bearer of the token may have. @param {string} path */
    async download(path) {
      const response = await answerTo(path)
      return response.blob()
    },
    get token() {
      return token
    },
    /** @param {string | null} next */
    useToken(next) {
      token = next
    },
    /** @param {(error: ApiError) => void} handler */
    handleUnauthorized(handler) {
      onUnauthorized = handler
    },
  }
}

/** @typedef {ReturnType<typeof createHttpClient>} HttpClient */

/**
 * @param {string | null} token
 * @param {unknown} body
 */
function headersFor(token, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' }
  if (token !== null) headers.Authorization = `Bearer ${token}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  return headers
}

/**
 * @param {AbortSignal | undefined} signal
 * @param {number} timeoutMs
 */
function withTimeout(signal, timeoutMs) {
  const timeout = AbortSignal.timeout(timeoutMs)
  return signal ? AbortSignal.any([signal, timeout]) : timeout
}

/**
 * @param {typeof fetch} send
 * @param {string} path
 * @param {RequestInit} options
 */
async function dispatch(send, path, options) {
  try {
    return await send(path, options)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new ApiError(0, 'timeout', 'The server did not answer in time.')
    }
    throw new ApiError(0, 'unreachable', 'The server cannot be reached.')
  }
}

/** @param {Response} response */
async function readJson(response) {
  try {
    return await response.json()
  } catch {
    throw new ApiError(response.status, 'bad_answer', 'The server sent an answer that is not JSON.')
  }
}

/** @param {Response} response */
async function failureOf(response) {
  const fallback = `The server answered with status ${response.status}.`
  try {
    const { error } = await response.json()
    return new ApiError(response.status, error.code ?? 'error', error.message ?? fallback, error.details)
  } catch {
    // Not our error shape: a proxy answered, not the API.
    return new ApiError(response.status, 'error', fallback)
  }
}
