// Shows push messages while no page is open. It keeps nothing and serves nothing.
self.addEventListener('push', (event) => {
  const { title, body, tag, urgent } = event.data.json()
  event.waitUntil(self.registration.showNotification(title, { body, tag, requireInteraction: urgent, icon: '/favicon.svg' }))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openDashboard())
})

async function openDashboard() {
  const [page] = await self.clients.matchAll({ type: 'window' })
  await (page ? page.focus() : self.clients.openWindow('/'))
}
