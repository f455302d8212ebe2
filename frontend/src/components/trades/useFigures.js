import { useLiveTrade } from '../../contexts/LiveContext.jsx'

/** @import { Trade } from '../../api/types' */

/**
 * The trade with its newest price and result; each row follows only its own.
 * @param {Trade} trade
 */
export function useFigures(trade) {
  const live = useLiveTrade(trade.id)
  return {
    currentPrice: live?.currentPrice ?? trade.currentPrice,
    unrealizedPnL: live?.unrealizedPnL ?? trade.unrealizedPnL,
    unrealizedR: live?.unrealizedR ?? trade.unrealizedR,
  }
}
