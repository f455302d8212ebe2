/**
 * Asks this browser for a push subscription that only our server can send to.
 * Throws an Error whose message says what to do when the browser or its user refuses.
 * @param {string} publicKey base64url, an uncompressed P-256 point
 * @returns {Promise<string>} the subscription as JSON
 */
export async function subscribeThisBrowser(publicKey) {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis)) {
    throw new Error('This browser takes no push messages here. They need https, or localhost; on an iPhone add the page to the home screen first.')
  }
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new Error('Notifications are blocked for this page. Allow them in the settings of the browser.')
  }
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) })
  return JSON.stringify(subscription)
}

/** @param {string} text base64url */
function bytesOf(text) {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(raw, (character) => character.charCodeAt(0))
}
