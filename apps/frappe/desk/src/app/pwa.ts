/** Makes the desk an app: its service worker. Invariant: without one the desk works as it does in any browser tab. */
export async function registerServiceWorker(workers: ServiceWorkerContainer | undefined = navigator.serviceWorker): Promise<boolean> {
  if (!workers) return false;
  try {
    await workers.register('/service-worker.js', { scope: '/' });
    return true;
  } catch (error) {
    // Private windows and pages without TLS refuse it.
    console.warn('No service worker', error);
    return false;
  }
}
