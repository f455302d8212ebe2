/** @import { LiveBacktestJob } from './backtestTypes' */
/** @import { Monitor, MoveEvent, PriceSnapshot, SignalEvent, TradeEvent, DurableEvent } from './types' */

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000
const JITTER = 0.3
const DURABLE_EVENTS = /** @type {const} */ ([
  'signal',
  'trade_opened',
  'trade_updated',
  'stop_moved',
  'trade_closed',
  'transfer',
  'equity',
  'order',
  'guard',
  'command',
  'protection',
])

/**
 * @typedef {object} ConnectionState
 * @property {'connecting' | 'connected' | 'disconnected'} status
 * @property {number | null} nextAttemptAt UTC ms of the next try while disconnected
 */

/**
 * The part of a Socket.IO client socket that is used here.
 * @typedef {object} LiveSocket
 * @property {(event: string, listener: (payload: any) => void) => unknown} on
 * @property {() => unknown} connect
 * @property {() => unknown} disconnect
 */

/** @typedef {(provideAuth: () => { token: string, lastEventId?: number }) => LiveSocket} OpenSocket */
/** @typedef {(typeof DURABLE_EVENTS)[number]} DurableEventType */

/**
 * @typedef {object} LiveHandlers
 * @property {(state: ConnectionState) => void} onState
 * @property {(type: DurableEventType, event: DurableEvent & Partial<SignalEvent & TradeEvent & MoveEvent>) => void} onEvent
 * @property {(snapshot: PriceSnapshot) => void} onPrices
 * @property {(monitor: Monitor) => void} onMonitor
 * @property {(jobs: LiveBacktestJob[]) => void} onBacktests how backtests stand now
 * @property {() => void} onGap what was missed cannot be replayed: read everything again
 * @property {() => void} onRefused the server did not accept the token
 */

/**
 * How long to wait before the next try: doubling from 1 s to 30 s, spread by ±30 %.
 * @param {number} failures tries that failed so far
 * @param {() => number} random
 */
export function backoffDelay(failures, random) {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS)
  return Math.round(delay * (1 + JITTER * (2 * random() - 1)))
}

/**
 * Keeps one live connection for a token. It remembers the last durable event, so a reconnect
 * misses nothing and repeats nothing.
 * @param {{ openSocket: OpenSocket, token: string, handlers: LiveHandlers, random?: () => number }} dependencies
 */
export function createLiveConnection({ openSocket, token, handlers, random = Math.random }) {
  /** @type {number | undefined} */
  let lastEventId
  let failures = 0
  let closed = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry

  const socket = openSocket(() => (lastEventId === undefined ? { token } : { token, lastEventId }))

  function connect() {
    clearTimeout(retry)
    retry = undefined
    handlers.onState({ status: 'connecting', nextAttemptAt: null })
    socket.connect()
  }

  function connectLater() {
    if (closed) return
    clearTimeout(retry)
    const delay = backoffDelay(failures, random)
    failures += 1
    retry = setTimeout(connect, delay)
    handlers.onState({ status: 'disconnected', nextAttemptAt: Date.now() + delay })
  }

  /** @param {number} newestEventId */
  function startFrom(newestEventId) {
    lastEventId = newestEventId
    handlers.onGap()
  }

  socket.on('connect', () => {
    failures = 0
    handlers.onState({ status: 'connected', nextAttemptAt: null })
  })
  socket.on('disconnect', connectLater)
  socket.on('connect_error', (error) => {
    if (!isTransportFailure(error)) handlers.onRefused()
    connectLater()
  })
  socket.on('resync', ({ newestEventId }) => startFrom(newestEventId))
  socket.on('hello', ({ newestEventId }) => {
    // Unknown: what was read over REST may be older than this connection. Smaller: the log began anew.
    if (lastEventId === undefined || newestEventId < lastEventId) startFrom(newestEventId)
  })
  socket.on('price', handlers.onPrices)
  socket.on('monitor_status', handlers.onMonitor)
  socket.on('backtests', ({ jobs }) => handlers.onBacktests(jobs))
  for (const type of DURABLE_EVENTS) {
    socket.on(type, (event) => {
      if (lastEventId !== undefined && event.id <= lastEventId) return
      if (lastEventId !== undefined) lastEventId = event.id
      handlers.onEvent(type, event)
    })
  }
  connect()

  return {
    /** Try at once, for a person who does not want to wait or a network that came back. */
    connectNow() {
      if (!closed && retry !== undefined) connect()
    },
    close() {
      closed = true
      clearTimeout(retry)
      socket.disconnect()
    },
  }
}

/** @param {Error & { type?: string }} error */
function isTransportFailure(error) {
  return error.type === 'TransportError' || error.message === 'timeout'
}
