import { ApiError, errorSentence } from './errors.js'

/** @import { Api } from './endpoints.js' */
/** @import { Command, CommandWish } from './types' */

const LOOK_EVERY_MS = 400
const TRY_AGAIN_MS = 2_000

/**
 * @typedef {object} Followed
 * @property {Command | null} command as last heard of; null until the server has stored it
 * @property {string | null} trouble why nothing newer is known right now
 * @property {boolean} refused the server does not take it: nothing more is tried
 */

/** @type {Followed} */
export const NOT_YET_HEARD = { command: null, trouble: null, refused: false }

/**
 * Asks the engine for something and tells what becomes of it until it has ended, by REST alone: it works while the live connection is
 * down. A server that cannot be reached is asked again; asking twice for what still waits asks once.
 * @param {Api} api
 * @param {CommandWish} wish
 * @param {{ tell: (followed: Followed) => void, signal: AbortSignal }} options
 */
export async function followCommand(api, wish, { tell, signal }) {
  let followed = NOT_YET_HEARD
  while (!signal.aborted) {
    followed = await look(api, wish, followed)
    if (signal.aborted) return
    tell(followed)
    if (signal.aborted || followed.refused || (followed.command?.outcome ?? null) !== null) return
    await pause(followed.trouble === null ? LOOK_EVERY_MS : TRY_AGAIN_MS, signal)
  }
}

/**
 * @param {Api} api
 * @param {CommandWish} wish
 * @param {Followed} followed
 * @returns {Promise<Followed>}
 */
async function look(api, wish, { command }) {
  try {
    const answer = command === null ? await api.giveCommand(wish) : await api.command(command.id)
    return { command: answer.command, trouble: null, refused: false }
  } catch (error) {
    return { command, trouble: errorSentence(error), refused: error instanceof ApiError && error.status >= 400 && error.status < 500 }
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
