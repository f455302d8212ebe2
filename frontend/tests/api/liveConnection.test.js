import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { backoffDelay, createLiveConnection } from '../../src/api/liveConnection.js'
import { FakeSocket } from '../fakes.js'

/** @import { ConnectionState } from '../../src/api/liveConnection.js' */

const middle = () => 0.5

function start() {
  const socket = new FakeSocket()
  /** @type {ConnectionState['status'][]} */
  const states = []
  /** @type {string[]} */
  const told = []
  const connection = createLiveConnection({
    openSocket: socket.open,
    token: 'token-1',
    random: middle,
    handlers: {
      onState: ({ status }) => states.push(status),
      onEvent: (type, { id }) => told.push(`${type} ${id}`),
      onPrices: () => told.push('prices'),
      onMonitor: () => told.push('monitor'),
      onBacktests: () => told.push('backtests'),
      onGap: () => told.push('gap'),
      onRefused: () => told.push('refused'),
    },
  })
  return { socket, states, told, connection }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the back-off', () => {
  test('doubles from one second to thirty', () => {
    expect([0, 1, 2, 3, 4, 5, 20].map((failures) => backoffDelay(failures, middle))).toEqual([
      1000, 2000, 4000, 8000, 16000, 30000, 30000,
    ])
  })

  test('spreads browsers that lost the same server', () => {
    expect(backoffDelay(0, () => 0)).toBe(700)
    expect(backoffDelay(0, () => 1)).toBe(1300)
  })
})

describe('a live connection', () => {
  test('sends the token, and reads everything again at its first hello', () => {
    const { socket, told } = start()
    socket.receive('connect')
    socket.receive('hello', { newestEventId: 40 })
    expect(socket.attempts).toEqual([{ token: 'token-1' }])
    expect(told).toEqual(['gap'])
  })

  test('asks after a loss for what it missed, and hears nothing twice', () => {
    const { socket, states, told } = start()
    socket.receive('connect')
    socket.receive('hello', { newestEventId: 40 })
    socket.receive('trade_opened', { id: 41 })
    socket.receive('disconnect')
    vi.advanceTimersByTime(1000)
    expect(socket.attempts[1]).toEqual({ token: 'token-1', lastEventId: 41 })
    socket.receive('connect')
    socket.receive('trade_opened', { id: 41 })
    socket.receive('trade_closed', { id: 42 })
    socket.receive('hello', { newestEventId: 42 })
    expect(told).toEqual(['gap', 'trade_opened 41', 'trade_closed 42'])
    expect(states).toEqual(['connecting', 'connected', 'disconnected', 'connecting', 'connected'])
  })

  test('reads everything again when too much was missed', () => {
    const { socket, told } = start()
    socket.receive('hello', { newestEventId: 40 })
    socket.receive('resync', { newestEventId: 5000 })
    socket.receive('signal', { id: 5000 })
    socket.receive('signal', { id: 5001 })
    expect(told).toEqual(['gap', 'gap', 'signal 5001'])
  })

  test('reads everything again when the event log began anew', () => {
    const { socket, told } = start()
    socket.receive('hello', { newestEventId: 40 })
    socket.receive('hello', { newestEventId: 2 })
    socket.receive('signal', { id: 3 })
    expect(told).toEqual(['gap', 'gap', 'signal 3'])
  })

  test('asks about the session when the server refuses it, not when the network fails', () => {
    const { socket, told } = start()
    socket.receive('connect_error', Object.assign(new Error('websocket error'), { type: 'TransportError' }))
    expect(told).toEqual([])
    socket.receive('connect_error', new Error('unauthorized'))
    expect(told).toEqual(['refused'])
  })

  test('tries at once when asked to, and never after it was closed', () => {
    const { socket, connection } = start()
    socket.receive('disconnect')
    connection.connectNow()
    expect(socket.attempts).toHaveLength(2)
    socket.receive('connect')
    connection.connectNow()
    expect(socket.attempts).toHaveLength(2)
    connection.close()
    socket.receive('disconnect')
    vi.advanceTimersByTime(60_000)
    expect(socket.attempts).toHaveLength(2)
    expect(socket.closed).toBe(true)
  })
})
