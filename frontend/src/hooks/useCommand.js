import { useCallback } from 'react'

import { followCommand, NOT_YET_HEARD } from '../api/followCommand.js'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { CommandWish } from '../api/types' */

const PATIENCE_MS = 20_000
const NO_ANSWER_YET = 'The engine has not answered yet. It will carry this out as soon as it can.'

/** Asks the engine for something and waits for its answer. The result is a sentence either way. */
export function useCommand() {
  const { api } = useAuth()
  return useCallback(
    /** @param {CommandWish} wish */
    async (wish) => {
      let heard = NOT_YET_HEARD
      const waiting = new AbortController()
      const patience = setTimeout(() => waiting.abort(), PATIENCE_MS)
      const tell = (/** @type {import('../api/followCommand.js').Followed} */ followed) => {
        heard = followed
        // What the server never heard of is not asked for behind a person's back.
        if (followed.command === null) waiting.abort()
      }
      await followCommand(api, wish, { tell, signal: waiting.signal })
      clearTimeout(patience)
      if (heard.command === null) return heard.trouble ?? NO_ANSWER_YET
      return heard.command.sentence ?? NO_ANSWER_YET
    },
    [api],
  )
}
