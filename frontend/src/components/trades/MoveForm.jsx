import { useId, useState } from 'react'

import { formatPrice, formatR, formatSignedMoney } from '../../format/numbers.js'
import { useDisconnected } from '../../contexts/LiveContext.jsx'
import { Button } from '../ui/Button.jsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.jsx'

/** @import { FormEvent } from 'react' */
/** @import { CommandWish, Trade } from '../../api/types' */

/** @typedef {{ side: 'stop' | 'target', price: number | null }} Move a price of null is break-even */
/** @typedef {Move & { meaning: string }} AskedMove its meaning as it was asked: the trade moves on meanwhile */

const FIELD = 'figures min-h-8 w-full min-w-0 rounded-md border border-field bg-page px-2 aria-invalid:border-danger pointer-coarse:min-h-11'

/**
 * Moves the stop or the target of an open trade, after saying what that means.
 * @param {{ trade: Trade, onMove: (wish: CommandWish) => Promise<string> }} props
 */
export function MoveForm({ trade, onMove }) {
  const disconnected = useDisconnected()
  const [asked, setAsked] = useState(/** @type {AskedMove | null} */ (null))
  const ask = (/** @type {Move} */ move) => setAsked({ ...move, meaning: meaningOf(trade, move) })
  return (
    <section aria-label="Move stop or target" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <LevelForm side="stop" level={trade.stopLoss} onAsk={(price) => ask({ side: 'stop', price })}>
        <Button disabled={disconnected} onClick={() => ask({ side: 'stop', price: null })}>
          Break-even
        </Button>
      </LevelForm>
      <LevelForm side="target" level={trade.takeProfit} onAsk={(price) => ask({ side: 'target', price })} />
      {disconnected && <p className="text-xs text-warn">Waits for the live connection: the prices shown are the last known.</p>}
      {asked && (
        <ConfirmDialog
          title={`Move the ${asked.side} of ${trade.symbol} ${trade.direction}?`}
          action={`Move ${asked.side}`}
          onConfirm={() => onMove(wishOf(trade, asked))}
          onClose={() => setAsked(null)}
        >
          <p>{asked.meaning}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

/**
 * One level: a price and the button that asks for it.
 * @param {{ side: 'stop' | 'target', level: number, onAsk: (price: number) => void, children?: import('react').ReactNode }} props
 */
function LevelForm({ side, level, onAsk, children }) {
  const id = useId()
  const disconnected = useDisconnected()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)

  /** @param {FormEvent} event */
  function submit(event) {
    event.preventDefault()
    const price = priceOf(text)
    setWrong(price === null)
    if (price !== null && !disconnected) onAsk(price)
  }

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">
        New {side}, now {formatPrice(level)}
      </label>
      <div className="flex flex-wrap gap-2">
        <span className="min-w-32 flex-1">
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            className={FIELD}
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${id}-error` : undefined}
          />
        </span>
        <Button type="submit" disabled={disconnected}>
          Move {side}
        </Button>
        {children}
      </div>
      {wrong && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          Enter a price above zero, like 64000.5.
        </p>
      )}
    </form>
  )
}

/** A price as people write it, thousands separated or not. @param {string} text */
function priceOf(text) {
  const plain = text.replace(/[\s,]/g, '')
  const price = Number(plain)
  return plain !== '' && Number.isFinite(price) && price > 0 ? price : null
}

/**
 * @param {Trade} trade
 * @param {Move} move
 * @returns {CommandWish}
 */
function wishOf({ signalId }, { side, price }) {
  if (price === null) return { type: 'move_stop', signalId, breakEven: true }
  return { type: side === 'stop' ? 'move_stop' : 'move_target', signalId, price }
}

/**
 * @param {Trade} trade
 * @param {Move} move
 */
function meaningOf(trade, { side, price }) {
  if (price === null) {
    return `From ${formatPrice(trade.stopLoss)} to the entry price ${formatPrice(trade.entryPrice)} with fees counted in. A trade stopped there ends near zero; slippage and funding remain.`
  }
  const sign = trade.direction === 'long' ? 1 : -1
  const result = (price - trade.entryPrice) * trade.positionSize * sign
  const before = side === 'stop' ? trade.stopLoss : trade.takeProfit
  return `From ${formatPrice(before)} to ${formatPrice(price)}. A trade that ends there makes about ${formatSignedMoney(result)} USDT (${formatR(result / trade.riskAmount)}) before fees.`
}
