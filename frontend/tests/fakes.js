/** @import { OpenSocket } from '../src/api/liveConnection.js' */

/**
 * Answers requests like the API would: an answer is a body, a [status, body] pair, or an Error
 * for a server that cannot be reached. Every request is recorded.
 */
export class FakeServer {
  /** @param {Record<string, unknown>} answers by `METHOD /path`, without the query */
  constructor(answers) {
    this.answers = answers
    /** @type {{ key: string, url: URL, headers: Headers, body: any }[]} */
    this.requests = []
  }

  /** @type {typeof fetch} */
  fetch = async (input, options = {}) => {
    const url = new URL(String(input), 'http://dashboard.test')
    const key = `${options.method ?? 'GET'} ${url.pathname}`
    const body = options.body ? JSON.parse(String(options.body)) : undefined
    this.requests.push({ key, url, headers: new Headers(options.headers), body })
    const answer = this.answers[key]
    if (answer instanceof Error) throw answer
    if (answer === undefined) return Response.json({ error: { code: 'not_found', message: `No ${key}.` } }, { status: 404 })
    const [status, content] = Array.isArray(answer) ? answer : [200, answer]
    return status === 204 ? new Response(null, { status }) : Response.json(content, { status })
  }

  /** @param {string} key */
  requestsFor(key) {
    return this.requests.filter((request) => request.key === key)
  }
}

/** The server's end of one Socket.IO connection, in the hands of a test. */
export class FakeSocket {
  /** @type {Map<string, (payload: any) => void>} */
  #listeners = new Map()
  /** @type {{ token: string, lastEventId?: number }[]} what was sent with each attempt */
  attempts = []
  closed = false

  /** @type {OpenSocket} */
  open = (provideAuth) => ({
    on: (event, listener) => this.#listeners.set(event, listener),
    connect: () => this.attempts.push(provideAuth()),
    disconnect: () => {
      this.closed = true
    },
  })

  /**
   * @param {string} event
   * @param {unknown} [payload]
   */
  receive(event, payload) {
    const listener = this.#listeners.get(event)
    if (listener === undefined) throw new Error(`Nobody listens to ${event}.`)
    listener(payload)
  }
}
