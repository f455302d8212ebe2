/** What happens, in words; the order is the server's. */
export const EVENTS = /** @type {Record<string, string>} */ ({
  signal_armed: 'A signal is armed',
  trade_opened: 'A trade opens',
  stop_moved: 'A stop or target is moved',
  trade_closed: 'A trade closes',
  guard_tripped: 'A guard stops new entries',
  position_unprotected: 'A position was without a stop',
  data_stale: 'Market data is stale',
  monitor_stopped: 'The monitor stops',
  monitor_started: 'The monitor is running again',
  monitor_silent: 'The engine gives no sign of life',
  new_login: 'A sign-in from a new browser',
  daily_summary: 'The day in figures',
})

/** @typedef {{ name: string, short: string, address: string, hint: string }} ChannelWords */

export const CHANNELS = /** @type {Record<string, ChannelWords>} */ ({
  email: { name: 'E-mail', short: 'Mail', address: 'E-mail address', hint: 'you@example.com' },
  sms: { name: 'Text message', short: 'SMS', address: 'Phone number', hint: '+4915112345678' },
  push: { name: 'Browser', short: 'Push', address: '', hint: '' },
  apprise: { name: 'Other service', short: 'Other', address: 'Apprise URL', hint: 'tgram://bot-token/chat-id' },
})

/** @param {string} channel */
export function channelWords(channel) {
  return CHANNELS[channel] ?? { name: channel, short: channel, address: 'Address', hint: '' }
}
