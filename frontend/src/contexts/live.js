import { createLiveConnection } from '../api/liveConnection.js'
import { queryKeys } from '../api/queryKeys.js'
import { formatPrice, formatSignedMoney, isKnown } from '../format/numbers.js'
import { toMilliseconds } from '../format/times.js'
import { backtestAsTold, withBacktests, withOpenTrade, withoutTrade, withSignal } from './cachePatches.js'
import { createFreshnessTracker } from './freshness.js'
import { createInvalidator } from './invalidator.js'

/** @import { QueryClient, QueryKey } from '@tanstack/react-query' */
/** @import { BacktestJob, LiveBacktestJob } from '../api/backtestTypes' */
/** @import { LiveHandlers, OpenSocket } from '../api/liveConnection.js' */
/** @import { Move, Signal, Trade } from '../api/types' */
/** @import { LiveStore, Notice } from './liveStore.js' */

const NOTICES_SHOWN = 3
const NOTICE_MS = 8_000
const AGE_TICK_MS = 1_000

/**
 * Wires one live connection to the store and the cached reads, until stopped.
 * @param {object} dependencies
 * @param {OpenSocket} dependencies.openSocket
 * @param {string} dependencies.token
 * @param {LiveStore} dependencies.store
 * @param {QueryClient} dependencies.queryClient
 * @param {() => void} dependencies.verifySession asks the server whether the session still stands
 */
export function startLive({ openSocket, token, store, queryClient, verifySession }) {
  const invalidator = createInvalidator(queryClient)
  const freshness = createFreshnessTracker()
  const notices = createNotices(store)

  const showAge = () => {
    const connected = store.get('connection')?.status === 'connected'
    store.set('freshness', freshness.at(Date.now(), connected))
  }

  /** @type {LiveHandlers} */
  const handlers = {
    onState(state) {
      const lost = state.status === 'disconnected' || (state.status === 'connecting' && (store.get('connection')?.lost ?? false))
      store.set('connection', { ...state, lost })
      // Whether the server is gone too, or only the live connection, is the next thing to know.
      if (state.status === 'disconnected') invalidator.soon(queryKeys.health)
      showAge()
    },
    onPrices(snapshot) {
      freshness.observePrices(toMilliseconds(snapshot.marketTime), Date.now())
      store.applyPrices(snapshot)
      showAge()
    },
    onMonitor(monitor) {
      freshness.observeMonitor(monitor.dataAgeMs, Date.now())
      store.set('monitor', monitor)
      showAge()
    },
    onBacktests(jobs) {
      applyBacktests(jobs, queryClient, invalidator)
    },
    onEvent(type, { trade, signal, move }) {
      applyEvent({ type, trade, signal }, queryClient, invalidator)
      if (trade && !store.get('monitor')?.catchingUp) notices.announce(type, trade, move)
    },
    onGap: invalidator.everything,
    onRefused: verifySession,
  }

  const connection = createLiveConnection({ openSocket, token, handlers })
  const ticking = setInterval(showAge, AGE_TICK_MS)
  const stopWatching = watchNetwork(connection.connectNow)

  return {
    connectNow: connection.connectNow,
    stop() {
      stopWatching()
      clearInterval(ticking)
      connection.close()
      invalidator.stop()
      notices.stop()
    },
  }
}

/** @typedef {ReturnType<typeof startLive>} Live */

/**
 * @param {{ type: string, trade?: Trade, signal?: Signal }} event
 * @param {QueryClient} queryClient
 * @param {ReturnType<typeof createInvalidator>} invalidator
 */
function applyEvent({ type, trade, signal }, queryClient, invalidator) {
  const { account, activeTrades, equity, signals, stats, trades } = queryKeys
  if (signal) {
    patch(queryClient, signals, (summary) => withSignal(summary, signal))
    invalidator.soon(signals)
  } else if (trade && (type === 'trade_closed' || trade.status === 'closed')) {
    patch(queryClient, activeTrades, (active) => withoutTrade(active, trade))
    invalidator.soon(activeTrades, stats, trades, equity, signals, account)
  } else if (trade) {
    patch(queryClient, activeTrades, (active) => withOpenTrade(active, trade))
    invalidator.soon(activeTrades, stats)
  } else if (type === 'transfer') {
    invalidator.soon(account, equity, stats)
  } else if (type === 'equity') {
    invalidator.soon(equity, stats)
  }
}

/**
 * Progress is shown as it is told; a job that began, ended or is new is read again.
 * @param {LiveBacktestJob[]} told
 * @param {QueryClient} queryClient
 * @param {ReturnType<typeof createInvalidator>} invalidator
 */
function applyBacktests(told, queryClient, invalidator) {
  const list = /** @type {{ jobs: BacktestJob[] } | undefined} */ (queryClient.getQueryData(queryKeys.backtestList))
  if (list) queryClient.setQueryData(queryKeys.backtestList, withBacktests(list, told))
  let changed = list !== undefined && told.some(({ id, status }) => list.jobs.find((job) => job.id === id)?.status !== status)
  for (const one of told) {
    const key = queryKeys.backtest(String(one.id))
    const read = /** @type {{ job: BacktestJob } | undefined} */ (queryClient.getQueryData(key))
    if (!read) continue
    queryClient.setQueryData(key, { job: backtestAsTold(read.job, one) })
    changed ||= read.job.status !== one.status
  }
  if (changed) invalidator.soon(queryKeys.backtests)
}

/**
 * Changes what was read. An answer still on its way is older than the event: it must not undo it.
 * @param {QueryClient} queryClient
 * @param {QueryKey} queryKey
 * @param {(data: any) => any} change
 */
function patch(queryClient, queryKey, change) {
  if (queryClient.getQueryData(queryKey) === undefined) return
  void queryClient.cancelQueries({ queryKey })
  queryClient.setQueryData(queryKey, change)
}

/**
 * Fills, told once each and taken away again.
 * @param {LiveStore} store
 */
function createNotices(store) {
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set()
  let nextId = 1

  /** @param {(notices: Notice[]) => Notice[]} change */
  const change = (change) => store.set('notices', change(store.get('notices') ?? []))

  return {
    /**
     * @param {string} type
     * @param {Trade} trade
     * @param {Move} [move]
     */
    announce(type, trade, move) {
      const told = noticeOf(type, trade, move)
      if (told === null) return
      const notice = { id: nextId, ...told }
      nextId += 1
      change((notices) => [...notices, notice].slice(-NOTICES_SHOWN))
      const timer = setTimeout(() => {
        timers.delete(timer)
        change((notices) => notices.filter(({ id }) => id !== notice.id))
      }, NOTICE_MS)
      timers.add(timer)
    },
    stop() {
      timers.forEach(clearTimeout)
    },
  }
}

/**
 * @param {string} type
 * @param {Trade} trade
 * @param {Move} [move]
 */
function noticeOf(type, trade, move) {
  if (type === 'trade_opened') return openedNotice(trade)
  if (type === 'trade_closed') return closedNotice(trade)
  return type === 'stop_moved' && move ? movedNotice(trade, move) : null
}

/**
 * @param {Trade} trade
 * @param {Move} move
 * @returns {Omit<Notice, 'id'>}
 */
function movedNotice({ direction, symbol }, { stop, target, by }) {
  const places = [stop && `stop to ${formatPrice(stop.to)}`, target && `target to ${formatPrice(target.to)}`]
  const where = by === 'exchange' ? ', on the exchange' : ''
  return { text: `Moved ${direction} ${symbol}: ${places.filter(Boolean).join(', ')}${where}`, tone: 'neutral' }
}

/**
 * @param {Trade} trade
 * @returns {Omit<Notice, 'id'>}
 */
function openedNotice(trade) {
  return { text: `Opened ${trade.direction} ${trade.symbol}`, tone: 'neutral' }
}

/**
 * @param {Trade} trade
 * @returns {Omit<Notice, 'id'>}
 */
function closedNotice({ direction, symbol, exitReason, realizedPnL }) {
  const cause = exitReason === 'stop' || exitReason === 'target' ? ` at ${exitReason}` : exitReason === 'manual' ? ' by hand' : ''
  const tone = !isKnown(realizedPnL) || realizedPnL === 0 ? 'neutral' : realizedPnL > 0 ? 'up' : 'down'
  return { text: `Closed ${direction} ${symbol}${cause}: ${formatSignedMoney(realizedPnL)} USDT`, tone }
}

/**
 * Tries again at once when the network or the person comes back.
 * @param {() => void} connectNow
 */
function watchNetwork(connectNow) {
  const whenVisible = () => {
    if (document.visibilityState === 'visible') connectNow()
  }
  window.addEventListener('online', connectNow)
  document.addEventListener('visibilitychange', whenVisible)
  return () => {
    window.removeEventListener('online', connectNow)
    document.removeEventListener('visibilitychange', whenVisible)
  }
}
