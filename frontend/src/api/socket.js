import { io } from 'socket.io-client'

/** @import { OpenSocket } from './liveConnection.js' */

/**
 * A Socket.IO socket over WebSocket only: any worker behind the port may answer it. Reconnecting is
 * the live connection's work, so that it can say when.
 * @type {OpenSocket}
 */
export const openSocket = (provideAuth) =>
  io({
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    timeout: 10_000,
    auth: (send) => send(provideAuth()),
  })
