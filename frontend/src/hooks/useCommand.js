import { useCallback } from 'react'

import { errorSentence } from '../api/errors.js'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { CommandWish } from '../api/types' */

const LOOK_EVERY_MS = 400
const PATIENCE_MS = 20_000

/** Asks the engine for something and waits for its answer. The result is a sentence either way. */
export function useCommand() {
  const { api } = useAuth()
  return useCallback(
    /** @param {CommandWish} wish */
    async (wish) => {
      try {
        let { command } = await api.giveCommand(wish)
        const deadline = Date.now() + PATIENCE_MS
        while (command.outcome === null && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
          command = (await api.command(command.id)).command
        }
        return command.sentence ?? 'The engine has not answered yet. It will carry this out as soon as it can.'
      } catch (error) {
        return errorSentence(error)
      }
    },
    [api],
  )
}
